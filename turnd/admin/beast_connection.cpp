#include "turnd/admin/beast_connection.h"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/asio/write.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/read.hpp>

namespace turnd::admin {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using control::ProblemCode;

// More than any header we take, so that its own limit is met first.
constexpr std::size_t kReadBuffer = 128 * 1024;

Method to_method(http::verb verb) {
  if (verb == http::verb::get) return Method::get;
  if (verb == http::verb::head) return Method::head;
  if (verb == http::verb::post) return Method::post;
  if (verb == http::verb::delete_) return Method::del;
  return Method::other;
}

// Where two readers of a request could see two different ends, there is no request (RFC 9112 s6.3).
bool has_one_length(const http::request_header<>& header) {
  const auto lengths = header.count(http::field::content_length);
  const auto codings = header.count(http::field::transfer_encoding);
  if (lengths + codings > 1) return false;
  if (header[http::field::content_length].find(',') != boost::beast::string_view::npos) return false;
  return codings == 0 || boost::beast::iequals(header[http::field::transfer_encoding], "chunked");
}

// RFC 9112 s3.2: what is wrong with the Host of a request; nullptr: nothing. Before HTTP/1.1 there may be none.
const char* fault_of_host(const http::request_header<>& header) {
  const auto hosts = header.count(http::field::host);
  if (hosts > 1) return "The request has more than one Host field";
  if (hosts == 0) return header.version() >= 11 ? "The request has no Host field, which HTTP/1.1 asks for" : nullptr;
  const bool is_one = header[http::field::host].find_first_of(" \t/?#@\\\"<>^`{|}") == boost::beast::string_view::npos;
  return is_one ? nullptr : "The Host field of the request is no host with a port";
}

// RFC 9112 s3.2.2: of a whole URI what follows its authority, which is us whatever it says.
std::string_view origin_form(std::string_view target) {
  constexpr std::string_view kScheme = "http://";
  if (!boost::beast::iequals(target.substr(0, kScheme.size()), kScheme)) return target;
  target.remove_prefix(kScheme.size());
  target.remove_prefix(std::min(target.find_first_of("/?"), target.size()));
  return target;
}

Request to_request(const http::request<http::string_body>& message) {
  const auto target = message.target();
  const std::string_view text = origin_form({target.data(), target.size()});
  const std::size_t question = text.find('?');
  Request request;
  request.method = to_method(message.method());
  request.path = text.substr(0, question);
  if (request.path.empty()) request.path = "/";
  if (question != std::string_view::npos) request.query = text.substr(question + 1);
  request.body = message.body();
  return request;
}

}  // namespace

std::shared_ptr<HttpConnection> make_http_connection(asio::generic::stream_protocol::socket socket,
                                                     std::shared_ptr<const HttpConnection::Surroundings> around) {
  return std::make_shared<BeastConnection>(std::move(socket), std::move(around));
}

BeastConnection::BeastConnection(Socket socket, std::shared_ptr<const Surroundings> around)
    : socket_(std::move(socket)), timer_(socket_.get_executor()), around_(std::move(around)), buffer_(kReadBuffer) {
  touch();
}

void BeastConnection::start(std::function<void()> gone) {
  gone_ = std::move(gone);
  wait_for_request();
}

void BeastConnection::close() {
  ErrorCode ignored;  // closing a descriptor gives it up whatever the answer
  socket_.close(ignored);
  disarm();
  if (const auto gone = std::exchange(gone_, nullptr)) gone();
}

void BeastConnection::wait_for_request() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(around_->limits.header));
  parser_->body_limit(around_->limits.body);
  if (buffer_.size() > 0) return read_header();  // pipelined
  is_idle_ = true;
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](ErrorCode error) {
    self->is_idle_ = false;
    if (error) return self->close();
    self->read_header();
  });
}

void BeastConnection::read_header() {
  touch();
  arm(around_->limits.request);
  http::async_read_header(socket_, buffer_, *parser_, [self = shared_from_this()](ErrorCode error, std::size_t) {
    if (error) return self->on_read_error(error);
    self->on_header();
  });
}

void BeastConnection::on_header() {
  if (is_late_) return on_read_error(boost::asio::error::operation_aborted);
  if (!has_one_length(parser_->get()))
    return refuse(control::bad_request("The request gives its length more than once, or in an unknown coding"));
  if (const char* fault = fault_of_host(parser_->get())) return refuse(control::bad_request(fault));
  if (boost::beast::iequals(parser_->get()[http::field::expect], "100-continue") && buffer_.size() == 0)
    return promise_to_read();
  read_body();
}

// RFC 9110 s10.1.1: the client waits to hear that its body is wanted.
void BeastConnection::promise_to_read() {
  out_ = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(socket_, asio::buffer(out_), [self = shared_from_this()](ErrorCode error, std::size_t) {
    if (error) return self->close();
    self->read_body();
  });
}

void BeastConnection::read_body() {
  http::async_read(socket_, buffer_, *parser_, [self = shared_from_this()](ErrorCode error, std::size_t) {
    if (error) return self->on_read_error(error);
    self->on_request();
  });
}

void BeastConnection::on_request() {
  disarm();
  touch();
  const http::request<http::string_body>& message = parser_->get();
  const Request request = to_request(message);
  const Response response = around_->answer(request);
  const bool is_stream = response.content == Response::Content::events;
  if (is_stream && request.method == Method::get) return stream_events();
  const After after = message.keep_alive() && !is_stream ? After::keep_alive : After::close;
  send(to_wire(response, after, request.method == Method::head ? Part::header : Part::all), after);
}

void BeastConnection::on_read_error(ErrorCode error) {
  if (std::exchange(is_late_, false)) return refuse({ProblemCode::timeout, "The request was not complete in time", {}});
  if (error == http::error::body_limit)
    return refuse({ProblemCode::too_large,
                   "The body is larger than " + std::to_string(around_->limits.body / 1024) + " KiB",
                   {}});
  if (error == http::error::header_limit || error == http::error::buffer_overflow)
    return refuse({ProblemCode::header_too_large,
                   "The header is larger than " + std::to_string(around_->limits.header / 1024) + " KiB",
                   {}});
  if (error == http::error::end_of_stream || error == http::error::partial_message) return close();
  if (error.category() == make_error_code(http::error::bad_method).category())
    return refuse(control::bad_request("The request is not HTTP/1.1: " + error.message()));
  close();
}

// The rest of the input cannot be told from the next request any more.
void BeastConnection::refuse(const control::Problem& problem) {
  disarm();
  send(to_wire(problem_response(problem), After::close, Part::all), After::close);
}

void BeastConnection::send(std::string wire, After after) {
  out_ = std::move(wire);
  arm(around_->limits.reply);
  asio::async_write(socket_, asio::buffer(out_), [self = shared_from_this(), after](ErrorCode error, std::size_t) {
    self->disarm();
    self->touch();
    if (error) return self->close();
    if (after == After::close) return self->linger();
    self->wait_for_request();
  });
}

// Closed with unread input, the kernel would reset the connection, and the client might never see the reply.
void BeastConnection::linger() {
  ErrorCode error;
  socket_.shutdown(Socket::shutdown_send, error);
  if (error) return close();
  arm(around_->limits.linger);
  discard_input();
}

void BeastConnection::discard_input() {
  buffer_.clear();
  socket_.async_read_some(buffer_.prepare(kReadBuffer), [self = shared_from_this()](ErrorCode error, std::size_t) {
    if (error) return self->close();
    self->discard_input();
  });
}

void BeastConnection::stream_events() {
  Response header;
  header.content_type = "application/x-ndjson";
  header.content = Response::Content::events;
  out_ = to_wire(header, After::close, Part::all);
  around_->events.subscribe(weak_from_this());
  is_sending_events_ = true;
  watch_for_end();
  asio::async_write(socket_, asio::buffer(out_), [self = shared_from_this()](ErrorCode error, std::size_t) {
    if (error) return self->close();
    self->is_sending_events_ = false;
    self->send_events();
  });
}

void BeastConnection::on_event(const EventLine& line) {
  events_.push(line);
  send_events();
}

void BeastConnection::on_lost(std::size_t count) {
  events_.add_lost(count);
  send_events();
}

void BeastConnection::send_events() {
  if (is_sending_events_ || events_.empty() || !socket_.is_open()) return;
  is_sending_events_ = true;
  out_ = to_chunk(events_.take(around_->clock()));
  asio::async_write(socket_, asio::buffer(out_), [self = shared_from_this()](ErrorCode error, std::size_t) {
    if (error) return self->close();
    self->touch();
    self->is_sending_events_ = false;
    self->events_.sent();
    self->send_events();
  });
}

// A reader of events has nothing more to say: its end, or anything else, ends the stream.
void BeastConnection::watch_for_end() {
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](ErrorCode) { self->close(); });
}

void BeastConnection::arm(std::chrono::milliseconds timeout) {
  is_late_ = false;
  timer_.expires_after(timeout);
  timer_.async_wait([self = shared_from_this()](ErrorCode error) {
    if (error || !self->socket_.is_open()) return;
    self->is_late_ = true;
    self->socket_.cancel(error);
    if (error) self->close();
  });
}

void BeastConnection::disarm() {
  timer_.cancel();
  is_late_ = false;
}

}  // namespace turnd::admin
