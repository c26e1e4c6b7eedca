// Frames of signald.v1: the slicing scanner agrees with a whole JSON parser, and what is read from a frame lies in it.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "signaling/protocol/client_request.h"
#include "signaling/protocol/json_members.h"
#include "signaling/protocol/json_text.h"
#include "turnd/base/utf8.h"

namespace signaling::protocol {
namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

void check_slices(std::string_view text) {
  const auto sliced = JsonMembers::parse(text);
  const auto parsed = parse_json_object(text);
  // A parser that computes numbers also refuses exponents that no number has.
  if (sliced && !parsed) return check(text.find_first_of("eE") != std::string_view::npos);
  check(sliced.has_value() == parsed.has_value());
  if (!parsed) return;
  for (const auto& member : *parsed) {
    const auto slice = sliced->find(member.key());
    check(slice.has_value());
    check(slice->data() >= text.data() && slice->data() + slice->size() <= text.data() + text.size());
    const auto value = parse_json(*slice);
    if (value && member.value().is_string())
      check(json_string(*slice) == member.value().as_string().c_str() ||
            member.value().as_string().find('\0') != std::string_view::npos);
    if (member.value().is_bool()) check(json_bool(*slice) == member.value().as_bool());
    if (member.value().is_array()) check(json_elements(*slice)->size() == member.value().as_array().size());
  }
}

void check_request(std::string_view text) {
  const ClientRequest request = parse_client_request(text);
  if (!request.id.empty()) check(parse_json(request.id).has_value());
  if (!request.message) return check(!request.message.error().message.empty());
  if (const auto* relay = std::get_if<Relay>(&*request.message)) {
    check(relay->value.data() >= text.data() && relay->value.data() + relay->value.size() <= text.data() + text.size());
    check(!relay->value.empty());
  }
}

}  // namespace
}  // namespace signaling::protocol

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!turnd::base::is_utf8(text)) return 0;  // refused before it comes here
  signaling::protocol::check_slices(text);
  signaling::protocol::check_request(text);
  return 0;
}
