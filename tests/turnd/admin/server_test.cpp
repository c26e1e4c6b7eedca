#include "turnd/admin/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/support/temporary_folder.h"
#include "tests/turnd/admin/control_thread.h"
#include "tests/turnd/admin/host_double.h"
#include "tests/turnd/admin/http_client.h"

namespace turnd::admin {
namespace {

class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    thread_.run([this] {
      server_ = std::make_unique<Server>(
          Server::Parts{thread_.io(),
                        host_,
                        events_,
                        [](base::MutableBytes into) { std::ranges::fill(into, std::uint8_t{7}); },
                        [] { return base::WallTime{}; },
                        {}});
    });
  }
  ~ServerTest() override {
    thread_.run([this] { server_.reset(); });
  }
  std::optional<OpenError> open() {
    return thread_.run([this] { return server_->open_control(path_); });
  }
  mode_t mode() {
    struct stat found {};
    EXPECT_EQ(::stat(path_.c_str(), &found), 0);
    return found.st_mode & 07777;
  }
  bool exists() { return ::access(path_.c_str(), F_OK) == 0; }

  support::TemporaryFolder directory_;
  const std::string path_ = directory_.file("control.sock");
  ControlThread thread_;
  HostDouble host_;
  EventHub events_{{[this](std::function<void()> task) { boost::asio::post(thread_.io(), std::move(task)); },
                    [] { return base::WallTime{}; }, [](const control::Event&) {}, [](const turn::EndedSession&) {}}};
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, AnswersOnTheControlSocket) {
  ASSERT_FALSE(open());

  EXPECT_EQ(HttpClient(path_).request("GET", "/healthz").body, R"({"status":"ok"})");
  EXPECT_EQ(HttpClient(path_).request("GET", "/v1/sessions").body, R"({"items":[],"next":null})");
}

TEST_F(ServerTest, GivesTheSocketMode0660WhateverTheUmask_D52) {
  for (const mode_t mask : {mode_t{0}, mode_t{022}, mode_t{0777}}) {
    const mode_t before = ::umask(mask);
    EXPECT_FALSE(open());
    ::umask(before);
    EXPECT_EQ(mode(), 0660u) << mask;
    ::unlink(path_.c_str());
  }
}

TEST_F(ServerTest, ReplacesAStaleSocket_D53) {
  auto listener = open_unix_listener(path_);
  ASSERT_TRUE(listener);
  listener->descriptor.reset();  // as after a crash: the file is still there
  ASSERT_TRUE(exists());

  ASSERT_FALSE(open());
  EXPECT_EQ(HttpClient(path_).request("GET", "/healthz").status, 200);
}

TEST_F(ServerTest, LeavesALiveSocketAlone_D53) {
  const auto other = open_unix_listener(path_);
  ASSERT_TRUE(other);
  const FileIdentity before = identity_of(path_);

  const auto error = open();

  ASSERT_TRUE(error);
  EXPECT_EQ(error->what, path_);
  EXPECT_EQ(error->why, "a running server answers there");
  EXPECT_EQ(identity_of(path_), before);
}

TEST_F(ServerTest, NeverRemovesWhatIsNoSocket_D53) {
  std::ofstream(path_) << "precious";

  const auto error = open();

  ASSERT_TRUE(error);
  EXPECT_EQ(error->why, "something that is no socket is there");
  EXPECT_TRUE(exists());
}

TEST_F(ServerTest, MakesTheFolderOfItsSocket) {
  const auto listener = open_unix_listener(directory_.file("run/control.sock"));
  ASSERT_TRUE(listener);
}

TEST_F(ServerTest, SaysWhyASocketCannotBeMade_D40) {
  const auto too_long = open_unix_listener("/" + std::string(107, 'x'));
  const auto nowhere = open_unix_listener(directory_.file("missing/too/control.sock"));

  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error().why, "the path is empty or longer than 107 bytes");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().why, "No such file or directory");
}

TEST_F(ServerTest, MakesARemovedSocketAgain_D53) {
  ASSERT_FALSE(open());
  HttpClient old(path_);
  EXPECT_EQ(old.request("GET", "/healthz").status, 200);
  ::unlink(path_.c_str());

  EXPECT_FALSE(thread_.run([this] { return server_->reopen_control(); }));

  EXPECT_EQ(HttpClient(path_).request("GET", "/healthz").status, 200);
  EXPECT_EQ(old.request("GET", "/healthz").status, 200);  // who was there stays
}

TEST_F(ServerTest, LeavesASocketThatIsThereOnReload) {
  ASSERT_FALSE(open());
  const FileIdentity before = identity_of(path_);

  EXPECT_FALSE(thread_.run([this] { return server_->reopen_control(); }));

  EXPECT_EQ(identity_of(path_), before);
}

TEST_F(ServerTest, RemovesItsSocketAtACleanStopAndNoOther_D53) {
  ASSERT_FALSE(open());
  thread_.run([this] { server_->close(); });
  EXPECT_FALSE(exists());

  ASSERT_FALSE(open());
  ::unlink(path_.c_str());
  std::ofstream(path_) << "somebody else's";
  thread_.run([this] { server_->close(); });
  EXPECT_TRUE(exists());
}

TEST_F(ServerTest, EndsItsClientsAtAStop) {
  ASSERT_FALSE(open());
  HttpClient client(path_);
  EXPECT_EQ(client.request("GET", "/healthz").status, 200);

  thread_.run([this] { server_->close(); });

  EXPECT_TRUE(client.is_closed());
}

// A reply of the metrics address, read to its end.
std::string get_over_tcp(const base::Endpoint& endpoint, const std::string& target) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(endpoint.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string reply;
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    const std::string request = "GET " + target + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    EXPECT_EQ(::send(socket, request.data(), request.size(), MSG_NOSIGNAL), static_cast<ssize_t>(request.size()));
    char buffer[4096];
    for (ssize_t size; (size = ::recv(socket, buffer, sizeof buffer, 0)) > 0;)
      reply.append(buffer, static_cast<std::size_t>(size));
  }
  ::close(socket);
  return reply;
}

TEST_F(ServerTest, ServesMetricsButNoControlOverTcp_D27) {
  const base::Endpoint any{base::IpAddress::v4({127, 0, 0, 1}), 0};
  ASSERT_FALSE(thread_.run([&] { return server_->listen_metrics(any); }));
  const base::Endpoint got = *thread_.run([this] { return server_->metrics_endpoint(); });

  EXPECT_NE(get_over_tcp(got, "/metrics").find("turnd_build_info{"), std::string::npos);
  EXPECT_TRUE(get_over_tcp(got, "/healthz").starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(get_over_tcp(got, "/v1/status").starts_with("HTTP/1.1 404 "));
  EXPECT_FALSE(thread_.run([&] { return server_->listen_metrics(std::nullopt); }));
  EXPECT_EQ(get_over_tcp(got, "/metrics"), "");
}

TEST_F(ServerTest, KeepsItsMetricsAddressWhenANewOneCannotBeOpened) {
  const base::Endpoint any{base::IpAddress::v4({127, 0, 0, 1}), 0};
  ASSERT_FALSE(thread_.run([&] { return server_->listen_metrics(any); }));
  const base::Endpoint got = *thread_.run([this] { return server_->metrics_endpoint(); });
  const base::Endpoint foreign{base::IpAddress::v4({192, 0, 2, 1}), 9641};

  const auto error = thread_.run([&] { return server_->listen_metrics(foreign); });

  ASSERT_TRUE(error);
  EXPECT_EQ(error->what, "192.0.2.1:9641");
  EXPECT_TRUE(get_over_tcp(got, "/healthz").starts_with("HTTP/1.1 200 "));
}

}  // namespace
}  // namespace turnd::admin
