// ReplyReader: the replies of turnd's control socket (RFC 9112), read as their bytes arrive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace signaling::turn {

class ReplyReader {
 public:
  // Limits bound the header and what of the body has not been taken.
  static constexpr std::size_t kMostHeader = 16 * 1024;
  explicit ReplyReader(std::size_t most_body) : most_body_(most_body) {}

  // False: no HTTP/1.1 reply, or larger than its limit; nothing else can be read then.
  [[nodiscard]] bool feed(std::string_view bytes);
  // The peer has closed. False: in the middle of a reply.
  [[nodiscard]] bool finish();

  [[nodiscard]] bool has_header() const { return state_ > State::header; }
  [[nodiscard]] bool is_done() const { return state_ == State::done; }
  [[nodiscard]] unsigned status() const { return status_; }
  // What has come of the body, without its framing; a reader of a stream takes lines from its front.
  [[nodiscard]] std::string& body() { return body_; }

 private:
  enum class State : std::uint8_t { header, counted, until_close, chunk_size, chunk, chunk_end, trailer, done };

  bool step();
  bool read_header();
  bool read_header_line(std::string_view line);
  bool read_body(State after);
  bool read_chunk_size();
  bool read_trailer();

  std::size_t most_body_;
  State state_ = State::header;
  unsigned status_ = 0;
  bool is_chunked_ = false;
  bool has_length_ = false;
  std::uint64_t left_ = 0;  // of the body or the chunk
  std::string unread_;
  std::string body_;
  bool is_broken_ = false;
};

}  // namespace signaling::turn
