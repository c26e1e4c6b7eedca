#include "signaling/turn/http_reply.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace signaling::turn {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

bool equals_without_case(std::string_view a, std::string_view b) {
  const auto lower = [](char each) { return each >= 'A' && each <= 'Z' ? static_cast<char>(each + 32) : each; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<std::uint64_t> number(std::string_view text, int base) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

bool ReplyReader::feed(std::string_view bytes) {
  if (is_broken_) return false;
  unread_ += bytes;
  while (!unread_.empty() && state_ != State::done) {
    const State before = state_;
    const std::size_t size = unread_.size();
    if (!step() || body_.size() > most_body_) {
      is_broken_ = true;
      return false;
    }
    if (state_ == before && unread_.size() == size) break;  // waits for more
  }
  return true;
}

bool ReplyReader::finish() {
  if (state_ == State::until_close) state_ = State::done;
  return state_ == State::done;
}

bool ReplyReader::step() {
  switch (state_) {
    case State::header:
      return read_header();
    case State::counted:
      return read_body(State::done);
    case State::until_close:
      body_ += unread_;
      unread_.clear();
      return true;
    case State::chunk_size:
      return read_chunk_size();
    case State::chunk:
      return read_body(State::chunk_end);
    case State::chunk_end:
      if (unread_.size() < kLineEnd.size()) return true;
      if (!unread_.starts_with(kLineEnd)) return false;
      unread_.erase(0, kLineEnd.size());
      state_ = State::chunk_size;
      return true;
    case State::trailer:
      return read_trailer();
    case State::done:
      return true;
  }
  return false;
}

bool ReplyReader::read_header() {
  const std::size_t end = unread_.find("\r\n\r\n");
  if (end == std::string::npos) return unread_.size() <= kMostHeader;
  if (end > kMostHeader) return false;
  std::string_view rest = std::string_view(unread_).substr(0, end);
  const std::string_view first = rest.substr(0, rest.find(kLineEnd));
  if (!first.starts_with("HTTP/1.1 ") || first.size() < 12) return false;
  const auto status = number(first.substr(9, 3), 10);
  if (!status || *status < 200) return false;
  status_ = static_cast<unsigned>(*status);
  while (rest.find(kLineEnd) != std::string_view::npos) {
    rest.remove_prefix(rest.find(kLineEnd) + kLineEnd.size());
    if (!read_header_line(rest.substr(0, rest.find(kLineEnd)))) return false;
  }
  unread_.erase(0, end + 4);
  if (is_chunked_) {
    state_ = State::chunk_size;
  } else if (!has_length_) {
    state_ = State::until_close;
  } else {
    state_ = left_ == 0 ? State::done : State::counted;
  }
  return true;
}

bool ReplyReader::read_header_line(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (equals_without_case(name, "transfer-encoding")) {
    is_chunked_ = equals_without_case(value, "chunked");
    return is_chunked_;
  }
  if (!equals_without_case(name, "content-length")) return true;
  const auto length = number(value, 10);
  if (!length || *length > most_body_) return false;
  has_length_ = true;
  left_ = *length;
  return true;
}

bool ReplyReader::read_body(State after) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, unread_.size()));
  body_.append(unread_, 0, size);
  unread_.erase(0, size);
  left_ -= size;
  if (left_ == 0) state_ = after;
  return true;
}

bool ReplyReader::read_chunk_size() {
  const std::size_t end = unread_.find(kLineEnd);
  if (end == std::string::npos) return unread_.size() <= 64;
  const std::string_view line = std::string_view(unread_).substr(0, end);
  const auto size = number(line.substr(0, line.find(';')), 16);
  if (!size || *size > most_body_) return false;
  unread_.erase(0, end + kLineEnd.size());
  left_ = *size;
  state_ = left_ == 0 ? State::trailer : State::chunk;
  return true;
}

bool ReplyReader::read_trailer() {
  const std::size_t end = unread_.find(kLineEnd);
  if (end == std::string::npos) return unread_.size() <= kMostHeader;
  unread_.erase(0, end + kLineEnd.size());
  if (end == 0) state_ = State::done;
  return true;
}

}  // namespace signaling::turn
