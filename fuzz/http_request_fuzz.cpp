// A stream of HTTP/1.1 requests means the same in whatever pieces it comes.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/net/request_reader.h"

namespace {

using signaling::net::RequestReader;
using State = RequestReader::State;

constexpr std::uint64_t kMostBody = 4096;

struct Read {
  unsigned refused = 0;  // status of the refusal that ended the stream
  std::string target;
  std::string body;
  std::size_t fields = 0;
  friend bool operator==(const Read&, const Read&) = default;
};

// As a connection does it: what was not used comes again with `step` bytes more.
std::vector<Read> read_all(std::string_view bytes, std::size_t step) {
  std::vector<Read> all;
  std::size_t used = 0;
  std::size_t given = 0;
  while (given < bytes.size()) {
    RequestReader reader({.bytes = 1024, .lines = 20});
    while (reader.state() != State::complete && reader.state() != State::refused) {
      const std::size_t taken = reader.feed({bytes.data() + used, given - used});
      if (taken > given - used) std::abort();
      used += taken;
      if (reader.state() == State::planning) {
        reader.accept_body({.max_bytes = kMostBody});
      } else if (taken == 0 && (reader.state() == State::head || reader.state() == State::body)) {
        if (given == bytes.size()) return all;
        given = std::min(given + step, bytes.size());
      }
    }
    if (reader.state() == State::refused) {
      all.push_back({.refused = reader.refusal().status});
      return all;
    }
    const auto request = reader.take();
    if (request.body.size() > kMostBody) std::abort();
    all.push_back({.target = request.target, .body = request.body, .fields = request.fields.size()});
    if (used == bytes.size()) return all;
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 16'384) return 0;
  const std::size_t step = 1 + data[0] % 64;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (read_all(bytes, step) != read_all(bytes, bytes.size())) std::abort();
  return 0;
}
