#include <utility>

#include "signaling/api/account_routes.h"
#include "signaling/api/chat_routes.h"
#include "signaling/application.h"

namespace signaling {

void Application::add_routes() {
  const api::OpsParts ops = ops_parts();
  add_ops_routes(router_, ops, settings_.config.metrics ? api::MetricsDoor::elsewhere : api::MetricsDoor::open);
  add_metrics_routes(metrics_router_, ops);
  add_account_routes();
  add_chat_routes();
  add_meeting_routes();
}

void Application::add_account_routes() {
  account_parts_ =
      std::make_unique<api::AccountParts>(api::AccountParts{.tokens = services_.tokens,
                                                            .accounts = services_.accounts,
                                                            .users = services_.users,
                                                            .guests = services_.guests,
                                                            .hashing = *hashing_,
                                                            .tries_by_address = services_.limits.tries_by_address,
                                                            .tries_by_account = services_.limits.tries_by_account,
                                                            .mails_by_address = services_.limits.mails_by_address,
                                                            .mails_by_account = services_.limits.mails_by_account,
                                                            .guesses = meeting_context_.joins,
                                                            .new_guests = meeting_context_.new_guests,
                                                            .meetings = meeting_context_});
  api::add_session_routes(router_, *account_parts_);
  api::add_password_routes(router_, *account_parts_);
  api::add_user_routes(router_, *account_parts_);
  api::add_participant_routes(router_, services_.participants);
  api::add_notification_routes(router_);
}

void Application::add_chat_routes() {
  const config::Config& config = settings_.config;
  const api::ChatParts chat{.messages = services_.messages,
                            .conversations = services_.conversations,
                            .lobby = services_.lobby,
                            .sends = services_.limits.sends,
                            .live_figures = [this] {
                              return api::LiveFigures{.connected_users = figures_.users,
                                                      .total_connections = figures_.connections,
                                                      .active_calls = figures_.calls};
                            }};
  api::add_chat_routes(router_, chat);
  api::add_conversation_routes(router_, chat);
  api::add_message_routes(router_, chat);
  api::add_post_routes(router_,
                       {.posts = services_.posts, .cleaning = *hashing_, .most_body = config.limits.posts_body});
  api::add_turn_routes(router_, {.pool = relays_->pool(),
                                 .credentials = services_.limits.credentials,
                                 .tell = [this](const std::vector<service::Event>& events, service::WallTime now) {
                                   events_->publish(events, now);
                                 }});
  api::add_log_routes(router_, {.events = *events_database_, .open_logs = config.compat.open_logs});
}

void Application::add_meeting_routes() {
  api::add_meeting_routes(router_, *meeting_parts_);
  api::add_attendance_routes(router_, *meeting_parts_);
  api::add_host_routes(router_, *meeting_parts_);
  api::add_invitation_routes(router_, *meeting_parts_);
  api::add_calendar_routes(router_, *meeting_parts_);
  api::add_room_routes(router_, *meeting_parts_);
  api::add_recording_routes(
      router_,
      {.recordings = *recordings_, .files = recording_files_, .disk = *joining_, .guesses = meeting_context_.joins});
}

}  // namespace signaling
