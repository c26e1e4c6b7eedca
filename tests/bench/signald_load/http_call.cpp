#include "tests/bench/signald_load/http_call.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>

#include "tests/bench/signald_load/message_scan.h"
#include "tests/bench/signald_load/stream.h"

namespace signaling::load {
namespace {

constexpr int kPatience = 10'000;  // milliseconds

void wait(const Stream& stream, Stream::Status status) {
  if (status == Stream::Status::over) throw std::runtime_error("the server ended the connection");
  const auto events = static_cast<short>(status == Stream::Status::wants_write ? POLLOUT : POLLIN);
  pollfd ready{stream.descriptor(), events, 0};
  if (::poll(&ready, 1, kPatience) != 1) throw std::runtime_error("the server does not answer");
}

void connect(Stream& stream) {
  wait(stream, Stream::Status::wants_write);
  for (auto status = stream.establish(); status != Stream::Status::done; status = stream.establish())
    wait(stream, status);
}

std::string exchange(Stream& stream, std::string_view request) {
  while (!request.empty()) {
    const Stream::Result written = stream.write(request);
    request.remove_prefix(written.bytes);
    if (written.status != Stream::Status::done) wait(stream, written.status);
  }
  std::string answer;
  std::array<char, 8192> piece{};
  while (http_answer_size(answer) == 0) {
    const Stream::Result read = stream.read(piece);
    answer.append(piece.data(), read.bytes);
    if (read.status != Stream::Status::done) wait(stream, read.status);
  }
  return answer;
}

}  // namespace

std::size_t http_answer_size(std::string_view bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  std::string head(bytes.substr(0, end));
  std::ranges::transform(head, head.begin(), [](unsigned char each) { return static_cast<char>(std::tolower(each)); });
  constexpr std::string_view field = "\r\ncontent-length: ";
  const std::size_t at = head.find(field);
  const std::size_t body = at == std::string::npos ? 0 : number(std::string_view(head).substr(at + field.size()));
  return bytes.size() >= end + 4 + body ? end + 4 + body : 0;
}

std::string http_post(const Options& options, const std::string& path, const std::string& body,
                      const std::string& token) {
  static const TlsClient tls(TlsClient::Sessions::fresh);
  Stream stream({options.host, options.port, 0}, options.tls ? &tls : nullptr);
  connect(stream);
  std::string request = "POST " + path + " HTTP/1.1\r\nHost: " + options.host + ":" + std::to_string(options.port) +
                        "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  if (!token.empty()) request += "Authorization: Bearer " + token + "\r\n";
  const std::string answer = exchange(stream, request + "\r\n" + body);
  if (answer.size() < 12 || answer[9] != '2') throw std::runtime_error("POST " + path + ": " + answer.substr(0, 300));
  return answer.substr(answer.find("\r\n\r\n") + 4);
}

}  // namespace signaling::load
