#include "signaling/net/http_session.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "signaling/net/forwarded.h"
#include "signaling/net/handshake.h"
#include "signaling/net/http_exchange.h"
#include "signaling/net/response_head.h"
#include "signaling/net/websocket_session.h"

namespace signaling::net {

using turnd::posix::FileDescriptor;

namespace {

constexpr std::size_t kFilePart = 256 * 1024;
// Pipelined requests wait while their client has not taken this much of the answers.
constexpr std::size_t kMostUnwritten = 256 * 1024;

}  // namespace

HttpSession::HttpSession(Connection& connection, HttpSurroundings around, const base::Endpoint& peer)
    : connection_(&connection), around_(std::move(around)), peer_(peer) {}

HttpSession::~HttpSession() = default;

std::size_t HttpSession::on_bytes(std::span<char> bytes) {
  std::size_t used = 0;
  while (state_ == State::reading && used < bytes.size()) {
    if (!reader_) begin();
    const std::size_t step = reader_->feed(bytes.subspan(used));
    used += step;
    switch (reader_->state()) {
      case RequestReader::State::planning:
        plan();
        break;
      case RequestReader::State::complete:
        hand_over();
        break;
      case RequestReader::State::refused:
        refuse(reader_->refusal());
        return bytes.size();
      case RequestReader::State::head:
      case RequestReader::State::body:
        if (step == 0) return used;
        break;
    }
  }
  return state_ == State::over && connection_ != nullptr ? bytes.size() : used;
}

void HttpSession::begin() {
  reader_ = std::make_unique<RequestReader>(HeadLimits{around_.settings->header, around_.settings->header_lines});
  due_ = connection_->loop().now() + around_.settings->header_timeout;
  connection_->arm(due_);
}

void HttpSession::plan() {
  Request& request = reader_->request();
  request.peer = peer_;
  request.client = peer_.address;
  request.is_secure = connection_->is_secure();
  request.received = connection_->loop().now();
  believe_proxies(request, around_.settings->trusted_proxies);
  is_head_request_ = request.method == Method::head;
  const BodyPlan plan = around_.handler->plan_body(request);
  kept_ = plan.kept;
  reader_->accept_body(plan);
  if (reader_->state() == RequestReader::State::refused) return refuse(reader_->refusal());
  if (reader_->state() == RequestReader::State::complete) return hand_over();
  const auto timeout = plan.directory.empty() ? around_.settings->request_timeout : around_.settings->upload_timeout;
  due_ = request.received + timeout;
  connection_->arm(due_);
  if (!reader_->expects_continue()) return;
  connection_->queue().push(share("HTTP/1.1 100 Continue\r\n\r\n"), request.received);
  connection_->flush_later();
}

void HttpSession::hand_over() {
  state_ = State::waiting;
  closes_ = closes_ || !reader_->keeps_alive();
  Request request = reader_->take();
  reader_.reset();
  if (is_websocket_attempt(request)) websocket_key_ = request.fields.find("Sec-WebSocket-Key");
  auto exchange = std::make_shared<HttpExchange>(connection_->loop(), weak_from_this());
  const auto kept = std::exchange(kept_, nullptr);
  around_.handler->handle(std::move(request), std::move(exchange));
}

void HttpSession::refuse(const Refusal& refusal) {
  closes_ = true;
  state_ = State::waiting;
  static const Request kNone;
  Response response = around_.handler->refuse(refusal, reader_ ? reader_->request() : kNone);
  reader_.reset();
  kept_.reset();
  answer(std::move(response));
}

void HttpSession::give_up() {
  if (state_ == State::waiting) refuse({500, "The request was not answered"});
}

void HttpSession::answer(Response response) {
  if (state_ != State::waiting) return;
  gone_ = nullptr;
  closes_ = closes_ || response.close;
  state_ = State::writing;
  send(std::move(response));
}

void HttpSession::send(Response response) {
  const TimePoint now = connection_->loop().now();
  const bool has_body = !std::exchange(is_head_request_, false);
  std::string head = response_head(response, closes_ ? After::close : After::keep_alive);
  if (auto* file = std::get_if<FileBody>(&response.body)) {
    connection_->queue().push(share(std::move(head)), now);
    transfer_ = FileTransfer{FileDescriptor(::open(file->path.c_str(), O_RDONLY | O_CLOEXEC)), file->offset,
                             has_body ? file->length : 0};
  } else if (auto* shared = std::get_if<SharedText>(&response.body)) {
    connection_->queue().push(share(std::move(head)), now);
    if (has_body && *shared && !(*shared)->empty()) connection_->queue().push(std::move(*shared), now);
  } else {
    if (has_body) head += std::get<std::string>(response.body);
    connection_->queue().push(share(std::move(head)), now);
  }
  due_ = now + around_.settings->write_timeout;
  connection_->flush_later();
  if (transfer_) return send_file_part();
  next_request();
}

// A file goes in parts, each when the one before is written. One that shrank meanwhile ends the connection.
void HttpSession::send_file_part() {
  if (transfer_->left == 0) {
    transfer_.reset();
    return next_request();
  }
  std::string part(static_cast<std::size_t>(std::min<std::uint64_t>(kFilePart, transfer_->left)), '\0');
  const ssize_t size = ::pread(transfer_->file.get(), part.data(), part.size(), static_cast<off_t>(transfer_->at));
  if (size <= 0) return connection_->end();
  part.resize(static_cast<std::size_t>(size));
  transfer_->at += part.size();
  transfer_->left -= part.size();
  connection_->queue().push(share(std::move(part)), connection_->loop().now());
  connection_->flush_later();
}

void HttpSession::next_request() {
  if (closes_) {
    state_ = State::over;
    return connection_->close_when_written();
  }
  if (connection_->queue().bytes() > kMostUnwritten) return;  // on_drained() goes on
  state_ = State::reading;
  due_ = connection_->loop().now() + around_.settings->idle_timeout;
  connection_->arm(due_);
  connection_->resume();
}

void HttpSession::on_drained() {
  if (state_ != State::writing) return;
  if (transfer_) return send_file_part();
  next_request();
}

void HttpSession::on_blocked() {
  if (state_ == State::reading || state_ == State::writing)
    connection_->arm(connection_->loop().now() + around_.settings->write_timeout);
}

void HttpSession::on_due(TimePoint now) {
  if (!connection_->queue().empty()) {
    const TimePoint stalled = connection_->last_written() + around_.settings->write_timeout;
    return now >= stalled ? connection_->end() : connection_->arm(stalled);
  }
  if (state_ != State::reading) return;
  if (now < due_) return connection_->arm(due_);
  if (reader_) return refuse({408, "The request did not come in time"});
  connection_->end();
}

void HttpSession::on_input_end() {
  // Half-closed clients get their answer; those who wait for one that takes its time are taken to be gone.
  if (state_ == State::reading || gone_) return connection_->end();
  closes_ = true;
}

void HttpSession::wind_down() {
  if (state_ == State::reading && !reader_) return connection_->end();
  closes_ = true;
}

void HttpSession::on_end() {
  connection_ = nullptr;
  state_ = State::over;
  kept_.reset();
  if (const auto gone = std::exchange(gone_, nullptr)) gone();
}

void HttpSession::upgrade(const Upgrade& upgrade, std::unique_ptr<SocketEvents> events) {
  if (state_ != State::waiting) return;
  gone_ = nullptr;
  state_ = State::over;
  const TimePoint now = connection_->loop().now();
  connection_->queue().push(share(upgrade_head(accept_key(websocket_key_), upgrade.protocol)), now);
  connection_->flush_later();
  auto socket = std::make_shared<WebSocketSession>(*connection_, upgrade, std::move(events));
  Connection& connection = *connection_;
  connection_ = nullptr;
  connection.replace_session(socket);
  socket->open();
  if (connection.is_open()) connection.resume();
}

}  // namespace signaling::net
