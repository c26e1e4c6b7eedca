#include "turnd/preflight/named_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "tests/support/temporary_folder.h"

namespace turnd::preflight {
namespace {

class NamedFiles : public testing::Test {
 protected:
  // A configuration with one secret in this file.
  config::Config naming(const std::string& file) {
    config::Config config;
    config.auth.secrets.push_back({"one", {}, folder_.file(file)});
    return config;
  }
  void write(const std::string& file, const std::string& text) { std::ofstream(folder_.file(file)) << text; }

  support::TemporaryFolder folder_;
};

TEST_F(NamedFiles, GiveASecretItsValueWithoutTheLastNewline) {
  write("secret", "hush\n");
  const auto read = read_authentication(naming("secret"));
  const auto* settings = std::get_if<auth::Settings>(&read);
  ASSERT_NE(settings, nullptr);
  ASSERT_EQ(settings->secrets.size(), 1U);
  EXPECT_EQ(settings->secrets[0].id, "one");
  EXPECT_EQ(settings->secrets[0].value.reveal(), "hush");
}

TEST_F(NamedFiles, ThatAreNotThereAreNamed) {
  const auto error = error_in(read_authentication(naming("absent")));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->what, folder_.file("absent"));
  EXPECT_FALSE(error->remedy.empty());
}

TEST_F(NamedFiles, ThatAreEmptyMakeNoSecret) {
  write("secret", "\n");
  const auto error = error_in(read_authentication(naming("secret")));
  ASSERT_TRUE(error);
  EXPECT_NE(error->why.find("empty"), std::string::npos);
}

TEST_F(NamedFiles, AreNotNeededWithoutTls) {
  const auto loaded = load_tls({});
  const auto* context = std::get_if<std::shared_ptr<const tls::ServerContext>>(&loaded);
  ASSERT_NE(context, nullptr);
  EXPECT_EQ(*context, nullptr);
}

TEST_F(NamedFiles, ThatHoldNoCertificateAreRefused) {
  write("cert.pem", "no certificate");
  write("key.pem", "no key");
  config::Config config;
  config.tls.certificate = folder_.file("cert.pem");
  config.tls.key = folder_.file("key.pem");
  EXPECT_TRUE(error_in(load_tls(config)));
}

}  // namespace
}  // namespace turnd::preflight
