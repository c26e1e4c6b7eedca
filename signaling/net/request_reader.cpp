#include "signaling/net/request_reader.h"

#include <algorithm>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

namespace signaling::net {
namespace {

namespace http = boost::beast::http;
using boost::beast::string_view;

Method to_method(http::verb verb) {
  if (verb == http::verb::get) return Method::get;
  if (verb == http::verb::post) return Method::post;
  if (verb == http::verb::head) return Method::head;
  if (verb == http::verb::put) return Method::put;
  if (verb == http::verb::patch) return Method::patch;
  if (verb == http::verb::delete_) return Method::del;
  if (verb == http::verb::options) return Method::options;
  return Method::other;
}

std::string_view text(string_view view) { return {view.data(), view.size()}; }

bool is_host(std::string_view host) { return host.find_first_of(" \t/?#@\\\"<>^`{|}") == std::string_view::npos; }

// RFC 9112 s3.2.2: of a whole URI what follows its authority, which is us whatever it says.
std::string_view origin_form(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    target.remove_prefix(scheme.size());
    target.remove_prefix(std::min(target.find_first_of("/?"), target.size()));
    return target.empty() ? "/" : target;
  }
  return target;
}

}  // namespace

// Hands what Beast has parsed to the request of its reader.
class RequestReader::Parser final : public http::basic_parser<true> {
 public:
  explicit Parser(RequestReader& reader) : reader_(reader) {
    header_limit(static_cast<std::uint32_t>(reader.limits_.bytes + 2));
    body_limit(boost::none);
    eager(false);
  }
  [[nodiscard]] int version() const { return version_; }

 private:
  using ErrorCode = boost::beast::error_code;
  void on_request_impl(http::verb verb, string_view, string_view target, int version, ErrorCode&) override {
    reader_.request_.method = to_method(verb);
    reader_.request_.target = origin_form(text(target));
    version_ = version;
  }
  void on_response_impl(int, string_view, int, ErrorCode&) override {}
  void on_field_impl(http::field, string_view name, string_view value, ErrorCode&) override {
    reader_.request_.fields.add(text(name), text(value));
  }
  void on_header_impl(ErrorCode&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
  std::size_t on_body_impl(string_view body, ErrorCode& error) override { return keep(body, error); }
  void on_chunk_header_impl(std::uint64_t, string_view, ErrorCode&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, ErrorCode& error) override {
    return keep(body, error);
  }
  void on_finish_impl(ErrorCode&) override {}
  std::size_t keep(string_view body, ErrorCode& error) {
    if (!reader_.append(text(body))) error = http::error::body_limit;
    return body.size();
  }

  RequestReader& reader_;
  int version_ = 11;
};

RequestReader::RequestReader(HeadLimits limits) : limits_(limits) {}
RequestReader::~RequestReader() = default;

std::size_t RequestReader::feed(std::span<const char> bytes) {
  const std::string_view given(bytes.data(), bytes.size());
  if (state_ == State::head) return read_head(given);
  if (state_ == State::body) return read_body(given);
  return 0;
}

void RequestReader::refuse(unsigned status, std::string_view why) {
  state_ = State::refused;
  refusal_ = {status, why};
}

// Lines end with CRLF and never continue (S3): a reader that took a bare LF for an end would see other fields.
std::size_t RequestReader::find_end(std::string_view bytes) {
  for (;;) {
    const std::size_t line_feed = bytes.find('\n', scanned_);
    if (line_feed == std::string_view::npos || line_feed + 1 > limits_.bytes) {
      if (std::max(bytes.size(), scanned_) > limits_.bytes) refuse(431, "The header of the request is too large");
      scanned_ = std::min(bytes.size(), limits_.bytes + 1);
      return std::string_view::npos;
    }
    if (line_feed == 0 || bytes[line_feed - 1] != '\r') {
      refuse(400, "A line of the header does not end with CR LF");
      return std::string_view::npos;
    }
    const bool is_empty = line_feed >= 3 && bytes[line_feed - 2] == '\n';
    if (is_empty) return line_feed + 1;
    if (++lines_ > limits_.lines + 1) {
      refuse(431, "The request has too many header fields");
      return std::string_view::npos;
    }
    // The first byte of the next line decides whether this one is continued: it has to be there.
    if (line_feed + 1 == bytes.size()) {
      scanned_ = line_feed;
      --lines_;
      return std::string_view::npos;
    }
    if (bytes[line_feed + 1] == ' ' || bytes[line_feed + 1] == '\t') {
      refuse(400, "A header field is continued on the next line");
      return std::string_view::npos;
    }
    scanned_ = line_feed + 1;
  }
}

std::size_t RequestReader::read_head(std::string_view bytes) {
  // RFC 9112 s2.2: an empty line in front of a request is passed over.
  if (scanned_ == 0 && bytes.starts_with("\r\n")) return 2;
  const std::size_t end = find_end(bytes);
  if (end == std::string_view::npos) return 0;
  parser_ = std::make_unique<Parser>(*this);
  boost::beast::error_code error;
  (void)parser_->put(boost::asio::const_buffer(bytes.data(), end), error);
  if (error && error != http::error::need_more) {
    refuse(400, "The request is not HTTP/1.1");
    return 0;
  }
  if (!parser_->is_header_done()) {
    refuse(400, "The header of the request is incomplete");
    return 0;
  }
  state_ = State::planning;
  check_head();
  return end;
}

void RequestReader::check_head() {
  const Fields& fields = request_.fields;
  const std::size_t lengths = fields.count("Content-Length");
  const std::size_t codings = fields.count("Transfer-Encoding");
  // RFC 9112 s6.3: where two readers could see two different ends there is no request.
  if (lengths + codings > 1 || fields.find("Content-Length").find(',') != std::string_view::npos)
    return refuse(400, "The request gives its length more than once");
  const std::string_view coding = fields.find("Transfer-Encoding");
  if (codings == 1 && (coding.find(',') != std::string_view::npos || !fields.has_token("Transfer-Encoding", "chunked")))
    return refuse(400, "The request has an unknown transfer coding");
  if (codings == 1 && parser_->version() < 11) return refuse(400, "HTTP/1.0 has no transfer coding");
  const std::size_t hosts = fields.count("Host");
  if (hosts > 1 || (hosts == 0 && parser_->version() >= 11) || !is_host(fields.find("Host")))
    return refuse(400, "The request needs one Host field");
  if (parser_->version() != 11 && parser_->version() != 10) return refuse(505, "The request is not HTTP/1.1");
  const bool is_asterisk = request_.method == Method::options && request_.target == "*";
  if (!request_.target.starts_with('/') && !is_asterisk) refuse(400, "The target of the request is no path");
}

bool RequestReader::keeps_alive() const {
  if (parser_ == nullptr || state_ == State::refused) return false;
  return parser_->version() >= 11 && !request_.fields.has_token("Connection", "close");
}

bool RequestReader::expects_continue() const {
  return parser_ != nullptr && parser_->version() >= 11 && request_.fields.has_token("Expect", "100-continue");
}

void RequestReader::accept_body(const BodyPlan& plan) {
  max_body_ = plan.max_bytes == 0 ? std::numeric_limits<std::uint64_t>::max() : plan.max_bytes;
  const auto length = parser_->content_length();
  if (length && *length > max_body_) return refuse(413, "The body of the request is too large");
  if (parser_->is_done() || (!parser_->chunked() && (!length || *length == 0))) {
    state_ = State::complete;
    return;
  }
  if (!plan.directory.empty()) {
    request_.file = UploadedFile::create(plan.directory);
    if (!request_.file) return refuse(500, "The body of the request cannot be stored");
  } else if (length) {
    request_.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, 64 * 1024)));
  }
  state_ = State::body;
}

bool RequestReader::append(std::string_view bytes) {
  body_size_ += bytes.size();
  if (body_size_ > max_body_) return false;
  if (request_.file) return request_.file->append(bytes);
  request_.body.append(bytes);
  return true;
}

std::size_t RequestReader::read_body(std::string_view bytes) {
  std::size_t used = 0;
  while (used < bytes.size() && !parser_->is_done()) {
    boost::beast::error_code error;
    const std::size_t step = parser_->put(boost::asio::const_buffer(bytes.data() + used, bytes.size() - used), error);
    used += step;
    if (error == http::error::need_more) break;
    if (error == http::error::body_limit) {
      refuse(body_size_ > max_body_ ? 413 : 500, "The body of the request is too large, or cannot be stored");
      return used;
    }
    if (error) {
      refuse(400, "The body of the request is not well-formed");
      return used;
    }
    if (step == 0) break;
  }
  if (parser_->is_done()) state_ = State::complete;
  return used;
}

}  // namespace signaling::net
