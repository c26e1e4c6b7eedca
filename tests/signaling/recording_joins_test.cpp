// Recordings that take long to be joined, beside everything else that the server does.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/signaling/application_world.h"
#include "turnd/posix/file_descriptor.h"

namespace signaling {
namespace {

class RecordingJoinsTest : public ApplicationWorld {
 protected:
  RecordingJoinsTest() : ApplicationWorld(configuration()) {}
  static config::Config configuration() {
    config::Config config;
    config.limits.meetings.count = 0;
    return config;
  }

  // A recording whose only part is a pipe: who reads it waits for the other end. The path of its completion.
  std::string begin_slow(const Account& as) {
    const std::string all = "/api/meeting/" + post("/meetings", "{}", as.access).text("id") + "/recordings";
    const Answer begun = post(all, R"({"mime":"video/webm"})", as.access);
    EXPECT_EQ(begun.status, 201) << begun.head;
    const std::string id = std::to_string(begun.body.at("recording").at("id").as_int64());
    EXPECT_EQ(call("PUT", all + "/" + id + "/parts/1", as.access, R"("webm")").status, 200);
    pipes_.push_back(folder() + "/recordings/" + id + ".parts/1");
    EXPECT_EQ(::unlink(pipes_.back().c_str()), 0);
    EXPECT_EQ(::mkfifo(pipes_.back().c_str(), 0600), 0);
    return all + "/" + id + "/complete";
  }
  // Until it is being joined; the other end stays open.
  void wait_for_reader() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    turnd::posix::FileDescriptor end;
    while (!end && std::chrono::steady_clock::now() < deadline)
      end = turnd::posix::FileDescriptor(::open(pipes_.back().c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
    EXPECT_TRUE(end) << "nobody reads";
    ends_.push_back(std::move(end));
  }
  // The other ends come and go: whoever reads has read all.
  void let_go() {
    ends_.clear();
    for (const std::string& pipe : pipes_) {
      const int end = ::open(pipe.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
      if (end >= 0) ::close(end);
    }
  }

 private:
  std::vector<std::string> pipes_;
  std::vector<turnd::posix::FileDescriptor> ends_;
};

TEST_F(RecordingJoinsTest, DoNotHoldLogIns_M21) {
  const Account ann = sign_up("ann_b");
  std::vector<std::future<Answer>> joins;
  for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
    const std::string path = begin_slow(ann);
    joins.push_back(std::async(std::launch::async, [this, path, &ann] { return post(path, "{}", ann.access); }));
    if (i < 2) wait_for_reader();  // as many are joined at a time
  }
  const std::string body = R"({"email":"ann_b@example.org","password":")" + std::string(kPassword) + "\"}";
  auto logged_in = std::async(std::launch::async, [this, &body] { return post("/api/auth/login", body); });
  EXPECT_EQ(logged_in.wait_for(std::chrono::seconds(10)), std::future_status::ready);
  for (std::future<Answer>& join : joins) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (join.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
      if (std::chrono::steady_clock::now() > deadline) {
        ADD_FAILURE() << "the recording is not joined";
        std::abort();  // the future's destructor would wait for ever
      }
      let_go();
    }
    EXPECT_EQ(join.get().status, 200);
  }
  EXPECT_EQ(logged_in.get().status, 200);
}

}  // namespace
}  // namespace signaling
