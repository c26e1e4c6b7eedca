#include "signaling/protocol/client_request.h"

#include <utility>

#include "signaling/protocol/client_table.h"
#include "signaling/protocol/json_members.h"
#include "signaling/protocol/text_length.h"

namespace signaling::protocol {
namespace {

constexpr std::size_t kLongestId = 64;

// A string of 1 to 64 characters or an integer (G2).
bool is_request_id(std::string_view slice) {
  if (json_integer(slice)) return true;
  const auto text = json_string(slice);
  return text && !text->empty() && characters(*text) <= kLongestId;
}

ClientRequest refused(Failure why) { return {std::string(), RateClass::total, std::move(why)}; }

}  // namespace

ClientRequest parse_client_request(std::string_view frame) {
  const auto members = JsonMembers::parse(frame);
  if (!members) return refused(failure(ErrorCode::bad_request, std::string(to_string(members.error()))));
  std::string id;
  if (const auto given = members->value("id")) {
    if (!is_request_id(*given)) return refused(bad_field("id", "must be an integer or a string of 1 to 64 characters"));
    id = *given;
  }
  FieldReader in(*members);
  const std::string type = in.text("type");
  if (!in.ok()) return {std::string(), RateClass::total, *in.problem()};
  const ClientType* const row = find_client_type(type);
  if (row == nullptr) return {std::move(id), RateClass::total, failure(ErrorCode::unknown_type)};
  ClientMessage message = row->read(in);
  if (!in.ok()) return {std::move(id), row->rate, *in.problem(), number_of(*row)};
  return {std::move(id), row->rate, std::move(message), number_of(*row)};
}

}  // namespace signaling::protocol
