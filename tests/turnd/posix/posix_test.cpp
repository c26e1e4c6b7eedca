#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/support/temporary_folder.h"
#include "turnd/posix/private_file.h"
#include "turnd/posix/socket_address.h"
#include "turnd/posix/tcp_listener.h"

namespace turnd::posix {
namespace {

base::Endpoint endpoint(const std::string& text) { return base::Endpoint::parse(text).value(); }

TEST(SocketAddressTest, IsTheEndpointOnItsWayThroughTheKernel) {
  for (const std::string text : {"192.0.2.1:3478", "[2001:db8::1]:5349"})
    EXPECT_EQ(SocketAddress(endpoint(text)).endpoint(), endpoint(text));
  EXPECT_EQ(SocketAddress(endpoint("192.0.2.1:1")).size, sizeof(sockaddr_in));
  EXPECT_EQ(SocketAddress(endpoint("[::1]:1")).size, sizeof(sockaddr_in6));
}

TEST(TcpListenerTest, ListensWhereItSays) {
  const auto listener = open_tcp_listener(endpoint("127.0.0.1:0"));
  ASSERT_TRUE(listener) << listener.error().message();
  const SocketAddress address(local_endpoint(listener->get()));
  const FileDescriptor client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(::connect(client.get(), &address.generic, address.size), 0);
}

TEST(TcpListenerTest, SaysWhyItDoesNot) {
  const auto first = open_tcp_listener(endpoint("127.0.0.1:0"));
  ASSERT_TRUE(first);
  const auto second = open_tcp_listener(local_endpoint(first->get()));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error(), std::errc::address_in_use);
}

class PrivateFileTest : public testing::Test {
 protected:
  [[nodiscard]] std::string path(const std::string& name) const { return folder_.file(name); }

  support::TemporaryFolder folder_;
};

TEST_F(PrivateFileTest, ReplacesTheFileForItsOwnerAlone) {
  std::ofstream(path("key")) << "a longer text that was there before";
  ASSERT_TRUE(write_private_file(path("key"), "new\n"));
  std::ostringstream text;
  text << std::ifstream(path("key")).rdbuf();
  EXPECT_EQ(text.str(), "new\n");
  struct stat found {};
  ASSERT_EQ(::stat(path("key").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST_F(PrivateFileTest, LeavesNothingBehindWhereItFails) {
  std::filesystem::create_directories(path("key/inside"));  // rename() cannot replace it
  EXPECT_FALSE(write_private_file(path("key"), "new"));
  EXPECT_EQ(errno, EISDIR);
  EXPECT_FALSE(std::filesystem::exists(path("key.new")));
}

}  // namespace
}  // namespace turnd::posix
