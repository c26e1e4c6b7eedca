// Engine.IO: a polling body yields packets that, written again, are read as the same packets.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/protocol/engineio_packet.h"

namespace {

using namespace signaling::protocol;

void require(bool holds) {
  if (!holds) std::abort();
}

std::vector<EngineioPacket> read_all(std::string_view body) {
  EngineioPayloadReader reader(body);
  std::vector<EngineioPacket> packets;
  while (auto packet = reader.next()) {
    if (!*packet) {
      require(!reader.next());  // nothing comes after an error
      break;
    }
    packets.push_back(**packet);
  }
  return packets;
}

std::string write_all(const std::vector<EngineioPacket>& packets) {
  std::string body;
  for (const EngineioPacket& packet : packets) {
    if (!body.empty()) body += kEngineioSeparator;
    if (packet.is_binary)
      append_engineio_binary(body, packet.data);
    else
      append_engineio_text(body, packet.type, packet.data);
  }
  return body;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const std::vector<EngineioPacket> packets = read_all(body);
  const std::string again = write_all(packets);
  require(body.starts_with(again));
  if (!packets.empty()) require(read_all(again) == packets);
  return 0;
}
