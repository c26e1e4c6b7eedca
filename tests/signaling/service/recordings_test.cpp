#include "signaling/service/recordings.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "signaling/service/recording_files.h"
#include "tests/signaling/service/meeting_world.h"
#include "turnd/base/hex.h"

namespace signaling::service {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class RecordingsTest : public MeetingWorld {
 protected:
  Identity ann = account("ann");
  Identity bob = account("bob");
  Identity eve = account("eve");
  Meeting meeting = make(ann);
  Recordings recordings{{.most_bytes = 100, .part_bytes = 40}};

  protocol::Outcome<Recording> begin(const Identity& who, const char* mime = "video/webm") {
    return recordings.begin(db, who, meeting.uuid, mime, now.wall);
  }
  std::string part(const Identity& who, std::int64_t id, std::int64_t number, std::int64_t bytes) {
    return code(recordings.add_part(db, who, meeting.uuid, id, number, bytes));
  }
  std::string plan(std::int64_t id, std::optional<std::int64_t> parts = std::nullopt) {
    return code(recordings.plan_complete(db, ann, meeting.uuid, id, parts));
  }
};

TEST_F(RecordingsTest, AreUploadedByHostsAndWhereRecordingIsOnByAccountsThatAreIn_M22) {
  EXPECT_EQ(code(begin(ann)), "");
  EXPECT_EQ(code(begin(bob)), "forbidden");
  EXPECT_EQ(code(begin(Identity())), "unauthenticated");
  change(ann, meeting, R"({"is_recorded":true})");
  EXPECT_EQ(code(begin(bob)), "forbidden");
  joins(bob, meeting);
  joins(guest("g", "Gil"), meeting);
  EXPECT_EQ(code(begin(bob)), "");
  EXPECT_EQ(code(begin(guest("g", "Gil"))), "forbidden");
}

TEST_F(RecordingsTest, StartAndStopOnce_G58) {
  EXPECT_EQ(code(recordings.start(db, bob, meeting.uuid, now.wall, effects)), "forbidden");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(code(recordings.start(db, ann, meeting.uuid, now.wall, effects)), "");
  auto list = recordings.list(db, ann, meeting.uuid);
  ASSERT_THAT(*list, SizeIs(1));
  EXPECT_TRUE(list->front().is_running);
  EXPECT_EQ(part(ann, list->front().id, 1, 1), "conflict");

  now.wall += std::chrono::seconds(90);
  EXPECT_EQ(code(recordings.stop(db, ann, meeting.uuid, now.wall, effects)), "");
  EXPECT_THAT(*recordings.list(db, ann, meeting.uuid), IsEmpty()) << "nothing of it has come";
  const auto uploaded = begin(ann);
  EXPECT_EQ(uploaded->id, list->front().id) << "what was recorded is what is uploaded";
  EXPECT_EQ(uploaded->duration_s, 90);
  EXPECT_EQ(part(ann, uploaded->id, 1, 10), "");
  EXPECT_EQ(recordings.complete(db, uploaded->id, {10, {}}, {}, now.wall)->duration_s, 90);
}

TEST_F(RecordingsTest, EndWithTheirMeeting) {
  EXPECT_EQ(code(recordings.start(db, ann, meeting.uuid, now.wall, effects)), "");
  EXPECT_EQ(code(meetings.end(db, ann, meeting.uuid, now.wall, effects)), "");
  EXPECT_THAT(*recordings.list(db, ann, meeting.uuid), IsEmpty());
}

TEST_F(RecordingsTest, AreVideoOrAudio_M22) {
  EXPECT_EQ(code(begin(ann, "audio/ogg")), "");
  EXPECT_EQ(code(begin(ann, "video/webm;codecs=\"vp8, opus\"")), "");
  for (const char* mime : {"", "text/html", "video/", "image/png", "video/webm\r\nX-Evil: 1", "Video/webm"}) {
    EXPECT_EQ(code(begin(ann, mime)), "bad_request") << mime;
  }
}

TEST_F(RecordingsTest, KeepToTheirLimits_M22) {
  const auto id = begin(ann)->id;
  EXPECT_EQ(part(ann, id, 1, 41), "too_large");
  EXPECT_EQ(part(ann, id, 1, 40), "");
  EXPECT_EQ(part(ann, id, 2, 40), "");
  EXPECT_EQ(part(ann, id, 3, 21), "too_large");
  EXPECT_EQ(part(ann, id, 2, 39), "");  // a repeat replaces
  EXPECT_EQ(part(ann, id, 3, 21), "");
  EXPECT_EQ(part(ann, id, 0, 1), "not_found");
}

TEST_F(RecordingsTest, AreWrittenByTheUploaderAndHostsAlone) {
  change(ann, meeting, R"({"is_recorded":true})");
  joins(bob, meeting);
  joins(eve, meeting);
  const auto id = begin(bob)->id;
  EXPECT_EQ(part(bob, id, 1, 1), "");
  EXPECT_EQ(part(ann, id, 2, 1), "");
  EXPECT_EQ(part(eve, id, 3, 1), "forbidden");
  const Meeting other = make(eve);
  EXPECT_EQ(code(recordings.add_part(db, eve, other.uuid, id, 1, 1)), "not_found");
}

TEST_F(RecordingsTest, AreCompleteWhenNoPartIsMissing_M22) {
  const auto id = begin(ann)->id;
  EXPECT_EQ(plan(id), "conflict");
  EXPECT_EQ(part(ann, id, 1, 10), "");
  EXPECT_EQ(part(ann, id, 3, 10), "");
  EXPECT_EQ(plan(id), "conflict");
  EXPECT_EQ(part(ann, id, 2, 10), "");
  EXPECT_EQ(plan(id, 4), "conflict");
  EXPECT_EQ(plan(id, 3), "");
  EXPECT_EQ(code(recordings.get(db, ann, meeting.uuid, id)), "not_found");

  const auto ready = recordings.complete(db, id, {30, {}}, 12, now.wall);
  ASSERT_TRUE(ready.has_value());
  EXPECT_TRUE(ready->is_ready);
  EXPECT_EQ(ready->bytes, 30);
  EXPECT_EQ(ready->sha256, std::string(64, '0'));
  EXPECT_EQ(plan(id), "conflict");
  EXPECT_EQ(part(ann, id, 1, 10), "conflict");
}

TEST_F(RecordingsTest, AreWatchedByHostsAndWhereAllowedByWhoTookPart_M22) {
  const auto id = begin(ann)->id;
  EXPECT_EQ(part(ann, id, 1, 10), "");
  ASSERT_TRUE(recordings.complete(db, id, {10, {}}, {}, now.wall).has_value());
  joins(bob, meeting);
  EXPECT_EQ(code(recordings.get(db, ann, meeting.uuid, id)), "");
  EXPECT_EQ(code(recordings.get(db, bob, meeting.uuid, id)), "forbidden");
  change(ann, meeting, R"({"allow_recording_access":true})");
  EXPECT_EQ(code(recordings.get(db, bob, meeting.uuid, id)), "");
  EXPECT_EQ(code(recordings.get(db, eve, meeting.uuid, id)), "forbidden");
  EXPECT_EQ(code(recordings.list(db, eve, meeting.uuid)), "forbidden");
  EXPECT_THAT(*recordings.list(db, bob, meeting.uuid), SizeIs(1));
  EXPECT_EQ(code(recordings.remove(db, bob, meeting.uuid, id, effects)), "forbidden");
  EXPECT_EQ(code(recordings.remove(db, ann, meeting.uuid, id, effects)), "");
  EXPECT_THAT(*recordings.list(db, ann, meeting.uuid), IsEmpty());
}

TEST_F(RecordingsTest, GoWithTheirMeetingAndWithAge) {
  const auto id = begin(ann)->id;
  ASSERT_TRUE(meetings.remove(db, ann, meeting.uuid, now.wall, effects).has_value());
  EXPECT_THAT(effects.dropped_recordings, testing::ElementsAre(id));
  meeting = make(ann);
  const auto old = begin(ann)->id;
  advance(48h);
  const auto young = begin(ann)->id;
  EXPECT_FALSE(Recordings::expire(db, now.wall - 24h, effects));
  EXPECT_THAT(effects.dropped_recordings, testing::ElementsAre(id, old));
  EXPECT_EQ(part(ann, young, 1, 1), "");
}

class RecordingFilesTest : public ::testing::Test {
 protected:
  void write_part(std::int64_t id, std::int64_t part, const std::string& bytes) {
    std::ofstream(files.part_path(id, part), std::ios::binary) << bytes;
  }
  static std::string content(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }

  store::TemporaryFolder folder;
  RecordingFiles files{folder.file("recordings")};
};

TEST_F(RecordingFilesTest, JoinTheParts_M21) {
  write_part(7, 1, "one ");
  write_part(7, 2, "two ");
  write_part(7, 2, "TWO ");
  write_part(7, 10, "never");
  write_part(7, 3, "three");
  const auto joined = files.join(7, 3);
  ASSERT_TRUE(joined.has_value()) << joined.error().why;
  EXPECT_EQ(content(files.path(7)), "one TWO three");
  EXPECT_EQ(joined->bytes, 13);
  EXPECT_EQ(joined->sha256, turnd::crypto::sha256({turnd::base::as_bytes("one TWO three")}));
  files.drop_parts(7);
  EXPECT_EQ(content(files.path(7)), "one TWO three");
  files.remove(7);
  EXPECT_FALSE(std::filesystem::exists(files.path(7)));
}

TEST_F(RecordingFilesTest, SayWhatIsMissing) {
  write_part(7, 1, "one");
  EXPECT_FALSE(files.join(7, 2).has_value());
  EXPECT_FALSE(std::filesystem::exists(files.path(7)));
  EXPECT_TRUE(std::filesystem::is_empty(files.uploads())) << "nothing is left of the attempt";
}

TEST(JoinTurnTest, IsOfOneAttemptAtATime_M21) {
  const auto running = std::make_shared<RunningJoins>();
  JoinTurn first(running), second(running), other(running);
  EXPECT_TRUE(first.take(7));
  EXPECT_TRUE(first.take(7)) << "its transaction may run again";
  EXPECT_FALSE(second.take(7));
  EXPECT_TRUE(other.take(8));
  first.end();
  EXPECT_TRUE(second.take(7));
}

TEST_F(RecordingFilesTest, AreForTheOwnerAlone_C9) {
  write_part(7, 1, "one");
  ASSERT_TRUE(files.join(7, 1).has_value());
  struct stat found {};
  for (const std::string& path : {folder.file("recordings"), folder.file("recordings") + "/7.parts", files.uploads()}) {
    ASSERT_EQ(::stat(path.c_str(), &found), 0) << path;
    EXPECT_EQ(found.st_mode & 0777, 0700u) << path;
  }
  ASSERT_EQ(::stat(files.path(7).c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST_F(RecordingFilesTest, GoWhenNoRowIsTheirs) {
  for (const std::int64_t id : {7, 8}) {
    write_part(id, 1, "one");
    ASSERT_TRUE(files.join(id, 1).has_value());
  }
  files.keep_only({8, 9});
  EXPECT_FALSE(std::filesystem::exists(files.path(7)));
  EXPECT_TRUE(std::filesystem::exists(files.path(8)));
  EXPECT_TRUE(std::filesystem::exists(files.uploads()));
}

TEST_F(RecordingFilesTest, ForgetUploadsThatACrashLeft) {
  std::ofstream(files.uploads() + "/half") << "x";
  const RecordingFiles again(folder.file("recordings"));
  EXPECT_TRUE(std::filesystem::is_empty(again.uploads()));
}

}  // namespace
}  // namespace signaling::service
