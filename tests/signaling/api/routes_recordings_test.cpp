#include <chrono>
#include <fstream>
#include <future>
#include <sstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/signaling/api/meeting_api_world.h"
#include "turnd/base/hex.h"

namespace signaling::api {
namespace {

using net::Method;
using testing::Contains;
using testing::Pair;

class RecordingRoutesTest : public MeetingApiWorld {
 protected:
  RecordingRoutesTest() { add_recording_routes(router, {recordings, files, disk, context.joins}); }

  Answered put(const std::string& who, const std::string& path, const std::string& bytes) {
    net::Request request;
    request.method = Method::put;
    request.target = path;
    request.fields.add("Authorization", "Bearer " + who);
    request.file = net::UploadedFile::create(files.uploads());
    EXPECT_TRUE(request.file->append(bytes));
    return ask(std::move(request));
  }

  service::Recordings recordings{{.most_bytes = 30, .part_bytes = 20}};
  service::RecordingFiles files{folder.file("recordings")};
  service::HashPool disk{1, 10};
  const std::string all = "/api/meeting/" + make(ann) + "/recordings";
};

TEST_F(RecordingRoutesTest, UploadsInPartsAndHandsOutTheFile_M21) {
  const Answered begun = post(all, ann, R"({"mime":"video/webm"})");
  ASSERT_EQ(begun.status, 201u);
  EXPECT_EQ(begun.number("/part_size"), 20);
  EXPECT_EQ(begun.number("/max_bytes"), 30);
  EXPECT_EQ(begun.text("/recording/status"), "uploading");
  const std::string one = all + "/" + std::to_string(begun.number("/recording/id"));
  EXPECT_EQ(put(ann, one + "/parts/1", "never").status, 200u);
  EXPECT_EQ(put(ann, one + "/parts/1", "Hello, ").number("/bytes"), 7);
  EXPECT_EQ(put(bob, one + "/parts/2", "x").status, 403u);
  EXPECT_EQ(put(ann, one + "/parts/0", "x").status, 404u);
  EXPECT_EQ(put(ann, one + "/parts/3", std::string(24, 'x')).status, 413u);
  EXPECT_EQ(post(one + "/complete", ann, R"({"parts":2})").status, 409u);
  EXPECT_EQ(put(ann, one + "/parts/2", "world").status, 200u);
  EXPECT_EQ(get(one, ann).status, 404u);

  EXPECT_EQ(post(one + "/complete", ann, R"({"sha256":"00"})").status, 400u);
  const std::string sha256 = turnd::base::to_hex(turnd::crypto::sha256({turnd::base::as_bytes("Hello, world")}));
  const Answered ready = post(one + "/complete", ann, R"({"parts":2,"duration":3,"sha256":")" + sha256 + "\"}");
  ASSERT_EQ(ready.status, 200u);
  EXPECT_EQ(ready.text("/recording/status"), "ready");
  EXPECT_EQ(ready.text("/recording/sha256"), sha256);
  EXPECT_EQ(ready.number("/recording/bytes"), 12);
  EXPECT_EQ(ready.number("/recording/duration"), 3);
  EXPECT_EQ(carried_out.back().joined_recordings.size(), 1u);
  EXPECT_EQ(get(all, ann).at("/recordings").as_array().size(), 1u);

  const Answered file = get(one, ann);
  EXPECT_EQ(file.status, 200u);
  ASSERT_TRUE(std::holds_alternative<net::FileBody>(file.response.body));
  const auto& body = std::get<net::FileBody>(file.response.body);
  std::ostringstream content;
  content << std::ifstream(body.path, std::ios::binary).rdbuf();
  EXPECT_EQ(content.str(), "Hello, world");
  EXPECT_THAT(file.response.fields, Contains(Pair("Content-Type", "video/webm")));
  EXPECT_THAT(file.response.fields, Contains(Pair("Accept-Ranges", "bytes")));
  EXPECT_THAT(file.response.fields, Contains(Pair("Content-Disposition", testing::StartsWith("attachment;"))));
  EXPECT_EQ(get(one, bob).status, 403u);

  EXPECT_EQ(ask(Method::del, one, bob).status, 403u);
  EXPECT_EQ(ask(Method::del, one, ann).status, 200u);
  EXPECT_EQ(carried_out.back().dropped_recordings.size(), 1u);
  EXPECT_EQ(get(one, ann).status, 404u);
}

TEST_F(RecordingRoutesTest, JoinsThePartsOnce_M21) {
  const std::string one = all + "/" + std::to_string(post(all, ann, R"({"mime":"audio/ogg"})").number("/recording/id"));
  put(ann, one + "/parts/1", "0123456789");
  std::promise<void> begun, held;
  ASSERT_TRUE(disk.submit([&] {
    begun.set_value();
    held.get_future().wait();
  }));
  begun.get_future().wait();  // from here on only the first request can wait
  auto first = std::async(std::launch::async, [&] { return post(one + "/complete", ann); });
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (disk.waiting() == 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_EQ(post(one + "/complete", ann).status, 409u);
  held.set_value();
  EXPECT_EQ(first.get().status, 200u);
  EXPECT_EQ(post(one + "/complete", ann).status, 409u) << "it is complete";
  EXPECT_EQ(get(one, ann).status, 200u);
}

TEST_F(RecordingRoutesTest, HonoursARange_M21) {
  const std::string one = all + "/" + std::to_string(post(all, ann, R"({"mime":"audio/ogg"})").number("/recording/id"));
  put(ann, one + "/parts/1", "0123456789");
  post(one + "/complete", ann);
  net::Request request;
  request.target = one;
  request.fields.add("Authorization", "Bearer " + ann);
  request.fields.add("Range", "bytes=2-4");
  const Answered part = ask(std::move(request));
  EXPECT_EQ(part.status, 206u);
  EXPECT_EQ(std::get<net::FileBody>(part.response.body).offset, 2u);
  EXPECT_EQ(std::get<net::FileBody>(part.response.body).length, 3u);
}

TEST_F(RecordingRoutesTest, RefusesOtherTypesAndPeople_M22) {
  EXPECT_EQ(post(all, ann, R"({"mime":"text/html"})").status, 400u);
  EXPECT_EQ(post(all, ann, "{}").status, 400u);
  EXPECT_EQ(post(all, bob, R"({"mime":"video/webm"})").status, 403u);
  EXPECT_EQ(post(all, "", R"({"mime":"video/webm"})").status, 401u);
}

}  // namespace
}  // namespace signaling::api
