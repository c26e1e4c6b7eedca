// Recordings: begun, uploaded in parts, completed, listed, downloaded by range, deleted (signaling.md 2.11 M21, M22).
#include <memory>
#include <utility>

#include <boost/json/array.hpp>

#include "signaling/api/guesses.h"
#include "signaling/api/meeting_routes.h"
#include "signaling/protocol/time_text.h"
#include "signaling/service/body.h"
#include "turnd/base/hex.h"

namespace signaling::api {
namespace {

namespace json = boost::json;
using net::Method;
using protocol::ErrorCode;
using protocol::failure;
using service::Recording;

constexpr std::int64_t kMostSeconds = 7 * 24 * 3600;

json::object recording_json(const Recording& recording) {
  return {{"id", recording.id},
          {"status", recording.is_ready     ? "ready"
                     : recording.is_running ? "recording"
                                            : "uploading"},
          {"mime", recording.mime},
          {"bytes", recording.bytes},
          {"duration", recording.duration_s ? json::value(*recording.duration_s) : json::value(nullptr)},
          {"sha256", recording.is_ready ? json::value(recording.sha256) : json::value(nullptr)},
          {"created_at", protocol::time_text(recording.created_at)}};
}

Outcome<Reply> begin(const RecordingParts& parts, Context& context) {
  service::Body body(context.call.body());
  const auto mime = body.required_text("mime");
  if (!body.ok()) return body.failure();
  const auto begun = parts.recordings.begin(context.db, context.who, context.call.parameter("id"), *mime, context.now);
  if (!begun) return begun.error();
  return created(json::object{{"recording", recording_json(*begun)},
                              {"part_size", parts.recordings.limits().part_bytes},
                              {"max_bytes", parts.recordings.limits().most_bytes}});
}

// The part lies in a file already; it takes its place when the database has agreed to it.
Outcome<Reply> take_part(const RecordingParts& parts, Context& context, const net::UploadedFile* file) {
  const auto id = context.call.id("rid"), part = context.call.id("n");
  if (!id || !part) return failure(ErrorCode::not_found);
  const auto bytes = file == nullptr ? std::int64_t{0} : static_cast<std::int64_t>(file->size());
  if (bytes == 0) return failure(ErrorCode::bad_request, "The part is empty");
  const auto taken =
      parts.recordings.add_part(context.db, context.who, context.call.parameter("id"), *id, *part, bytes);
  if (!taken) return taken.error();
  return ok(json::object{{"part", *part}, {"bytes", bytes}});
}

void upload(const RecordingParts& parts, const std::shared_ptr<Call>& call) {
  const std::shared_ptr<net::UploadedFile> file = call->take_file();
  call->write([parts, file](Context& context) -> Outcome<Reply> {
    store::Savepoint row(context.db);
    auto reply =
        looking_for_meeting(parts.guesses, context.call, [&] { return take_part(parts, context, file.get()); });
    if (!reply) return reply;
    if (!file->keep_as(parts.files.part_path(*context.call.id("rid"), *context.call.id("n")))) {
      return failure(ErrorCode::unavailable, "The part cannot be stored");
    }
    row.keep();
    return reply;
  });
}

struct Completion {
  std::optional<std::int64_t> parts, duration;
  std::optional<std::string> sha256;
};

Outcome<Completion> read_completion(const json::object& members) {
  service::Body body(members);
  Completion completion;
  completion.parts = body.integer("parts", 1, 1'000'000);
  completion.duration = body.integer("duration", 0, kMostSeconds);
  completion.sha256 = body.text("sha256", {.max = 64});
  if (completion.sha256 && !turnd::base::from_hex(*completion.sha256)) body.fault("sha256", "must be hexadecimal");
  if (!body.ok()) return body.failure();
  return completion;
}

// On a thread that may block: the copy takes as long as the disk needs.
void join_parts(const RecordingParts& parts, const std::shared_ptr<Call>& call, const Completion& asked,
                const service::CompletePlan& plan, const std::shared_ptr<service::JoinTurn>& turn) {
  const std::int64_t id = plan.recording.id;
  const auto joined = parts.files.join(id, plan.parts);
  const bool is_wanted =
      joined && (!asked.sha256 || *turnd::base::from_hex(*asked.sha256) == turnd::base::to_owned(joined->sha256));
  if (!is_wanted) turn->end();  // before the answer, which may bring the next try
  if (!joined) return call->reply(failure(ErrorCode::unavailable, "The recording cannot be stored"));
  if (!is_wanted) return call->reply(protocol::bad_field("sha256", "is not that of the parts"));
  call->write([parts, id, file = *joined, duration = asked.duration, turn](Context& context) -> Outcome<Reply> {
    const auto ready = parts.recordings.complete(context.db, id, file, duration, context.now);
    if (!ready) {
      context.effects.dropped_recordings.push_back(id);
      return ready.error();
    }
    context.effects.joined_recordings.push_back(id);
    return ok(json::object{{"recording", recording_json(*ready)}});
  });
}

// In the order of the writes: whoever has his turn after another one finds what that one made.
Outcome<service::CompletePlan> take_turn(const RecordingParts& parts, service::JoinTurn& turn, store::Connection& db,
                                         const Call& call, std::optional<std::int64_t> count) {
  const auto id = call.id("rid");
  if (!id) return failure(ErrorCode::not_found);
  auto plan = looking_for_meeting(parts.guesses, call, [&] {
    return parts.recordings.plan_complete(db, call.who(), call.parameter("id"), *id, count);
  });
  if (plan && !turn.take(*id)) return failure(ErrorCode::conflict, "The parts are being joined");
  return plan;
}

void complete(const RecordingParts& parts, const std::shared_ptr<service::RunningJoins>& running,
              const std::shared_ptr<Call>& call) {
  const auto asked = read_completion(call->body());
  if (!asked) return call->reply(asked.error());
  using Plan = Outcome<service::CompletePlan>;
  const auto turn = std::make_shared<service::JoinTurn>(running);
  call->around().database.write(
      [parts, turn, call, count = asked->parts](store::Connection& db) -> Plan {
        return take_turn(parts, *turn, db, *call, count);
      },
      [parts, turn, call, asked = *asked](store::Stored<Plan> stored) {
        if (!stored) return call->reply(failure(ErrorCode::unavailable));
        if (!*stored) return call->reply(stored->error());
        const bool accepted = parts.disk.submit(
            [parts, turn, call, asked, plan = **stored] { join_parts(parts, call, asked, plan, turn); });
        if (accepted) return;
        turn->end();
        call->reply(failure(ErrorCode::unavailable));
      });
}

Outcome<Reply> list(const RecordingParts& parts, Context& context) {
  const auto found = parts.recordings.list(context.db, context.who, context.call.parameter("id"));
  if (!found) return found.error();
  json::array all;
  for (const Recording& recording : *found) all.push_back(recording_json(recording));
  return ok(json::object{{"recordings", std::move(all)}});
}

std::string file_name(const Recording& recording) {
  const std::string type = recording.mime.substr(0, recording.mime.find(';'));
  const std::string ending = type.ends_with("/mp4") ? "mp4" : type.ends_with("/ogg") ? "ogg" : "webm";
  return "recording-" + std::to_string(recording.id) + "." + ending;
}

Outcome<Reply> download(const RecordingParts& parts, Context& context) {
  const auto id = context.call.id("rid");
  if (!id) return failure(ErrorCode::not_found);
  const auto found = parts.recordings.get(context.db, context.who, context.call.parameter("id"), *id);
  if (!found) return found.error();
  return Reply{.status = 200,
               .fields = {{"Content-Type", found->mime},
                          {"Content-Disposition", "attachment; filename=\"" + file_name(*found) + "\""}},
               .file = parts.files.path(*id)};
}

Outcome<Reply> remove(const RecordingParts& parts, Context& context) {
  const auto id = context.call.id("rid");
  if (!id) return failure(ErrorCode::not_found);
  const auto removed =
      parts.recordings.remove(context.db, context.who, context.call.parameter("id"), *id, context.effects);
  if (!removed) return removed.error();
  return ok(json::object{{"message", "Recording deleted"}});
}

}  // namespace

void add_recording_routes(Router& router, const RecordingParts& parts) {
  const auto with = [parts](auto handler) {
    return [parts, handler](Context& context) {
      return looking_for_meeting(parts.guesses, context.call, [&] { return handler(parts, context); });
    };
  };
  const auto directly = [parts](auto handler) {
    return [parts, handler](const std::shared_ptr<Call>& call) { handler(parts, call); };
  };
  const std::string all = "/api/meeting/{id}/recordings", one = all + "/{rid}";
  RouteOptions part{.body = Body::any, .upload_directory = parts.files.uploads()};
  if (parts.recordings.limits().part_bytes > 0) {
    part.max_body = static_cast<std::uint64_t>(parts.recordings.limits().part_bytes);
  }
  router.write(Method::post, all, Access::person, with(begin));
  router.read(Method::get, all, Access::person, with(list));
  router.direct(Method::put, one + "/parts/{n}", Access::person, directly(upload), part);
  router.direct(Method::post, one + "/complete", Access::person,
                [parts, running = std::make_shared<service::RunningJoins>()](const std::shared_ptr<Call>& call) {
                  complete(parts, running, call);
                });
  router.read(Method::get, one, Access::person, with(download));
  router.write(Method::del, one, Access::person, with(remove));
}

}  // namespace signaling::api
