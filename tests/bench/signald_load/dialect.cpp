#include "tests/bench/signald_load/dialect.h"

#include <stdexcept>

#include "tests/bench/signald_load/message_scan.h"

namespace signaling::load {

std::unique_ptr<Dialect> make_dialect(const std::string& name) {
  if (name == "signald") return make_signald_dialect();
  if (name == "socketio") return make_socketio_dialect();
  if (name == "bare") return make_bare_dialect();
  throw std::runtime_error("there is no dialect " + name);
}

const std::string& session_description() {
  static const std::string text = [] {
    constexpr int codecs = 45;
    std::string lines = "v=0\\r\\n";
    for (int i = 0; i < codecs; ++i) {
      const std::string number = std::to_string(96 + i % 30);
      lines += "a=rtpmap:" + number + " VP8/90000\\r\\na=rtcp-fb:" + number + " goog-remb\\r\\n";
    }
    return lines;
  }();
  return text;
}

const std::string& ice_candidate() {
  static const std::string text =
      R"({"candidate":"candidate:842163049 1 udp 1677729535 198.51.100.7 54321 typ srflx raddr 0.0.0.0 rport 0 )"
      R"(generation 0 ufrag EsAw network-id 1","sdpMid":"0","sdpMLineIndex":0})";
  return text;
}

std::string chat_mark(const Client& speaker, std::uint64_t number) {
  return "~C" + std::to_string(speaker.id) + "." + std::to_string(number) + " ";
}

std::optional<std::uint64_t> marked_number(const Client& speaker, std::string_view text) {
  const std::string mine = "~C" + std::to_string(speaker.id) + ".";
  const std::size_t at = text.find(mine);
  if (at == std::string_view::npos) return std::nullopt;
  return number(text.substr(at + mine.size()));
}

std::string filler(std::size_t size, std::size_t used) { return std::string(size > used ? size - used : 0, 'x'); }

}  // namespace signaling::load
