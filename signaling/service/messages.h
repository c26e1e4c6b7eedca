// Messages: sending, changing, deleting and finding what is said, the same for lobby, direct, group and meeting chat.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/protocol/failure.h"
#include "signaling/service/conversation.h"
#include "signaling/service/effects.h"
#include "signaling/service/identity.h"
#include "signaling/service/message.h"
#include "signaling/store/connection.h"

namespace signaling::service {

struct ChatSettings {
  std::size_t most_bytes = 4096;  // of a message; 0: any number
  bool open_clear = false;        // compat.open_clear: anybody clears the lobby
  bool log_text = false;          // log.message_text: the event log shows what was said
};

struct NewMessage {
  std::int64_t conversation_id = 0;
  std::string content;
  std::optional<std::int64_t> reply_to = {};
  std::optional<std::string> key = {};  // the client's own id of it: sent again, stored once (recent_keys.h)
  std::string sender_name = {};         // where it was checked or is a meeting's own; empty: the sender's
  bool is_member = false;               // the hub vouches: he is in the conversation's meeting, and may speak there
};
struct Posted {
  Message message;
  bool is_new = true;  // false: the key was known, this is the first one
};

// Which message: `conversation_id` when the request names it too; then a message of another one is not found.
struct MessageRef {
  std::int64_t id = 0;
  std::optional<std::int64_t> conversation_id = {};
};

struct PageRequest {
  std::optional<std::int64_t> before = {};                           // seq, exclusive
  std::optional<std::int64_t> after = {};                            // seq, exclusive
  std::size_t limit = 50;                                            // 0: only where the conversation stands
  std::size_t most_bytes = std::numeric_limits<std::size_t>::max();  // of contents, for frames of limited size (G87)
  bool is_member = false;  // the hub vouches: he is in the conversation's meeting
  bool reactions = true;   // false: nobody looks for them, and none are shown
};
struct MessagePage {
  std::vector<Message> messages;  // ascending
  std::int64_t last_seq = 0;
  std::int64_t epoch = 1;
  bool complete = true;  // nothing further in that direction
};

class RecentKeys;

// Everything runs inside the caller's transaction; it knows nothing but the keys of the last messages. Who is no member
// of a conversation hears `not_found` everywhere.
class Messages {
 public:
  static constexpr std::size_t kMostLimit = 200;
  explicit Messages(ChatSettings settings);
  ~Messages();

  // The keys that were used before this process began.
  void load_keys(store::Connection& db);

  [[nodiscard]] protocol::Outcome<Posted> post(store::Connection& db, const Identity& who, const NewMessage& what,
                                               WallTime now, Effects& effects) const;
  // Said by nobody: "Anna joined". Empty: there is no such conversation.
  std::optional<Message> announce(store::Connection& db, std::int64_t conversation_id, std::string_view text,
                                  WallTime now, Effects& effects) const;

  [[nodiscard]] protocol::Outcome<Message> edit(store::Connection& db, const Identity& who, const MessageRef& which,
                                                std::string_view content, WallTime now, Effects& effects) const;
  [[nodiscard]] protocol::Outcome<Message> remove(store::Connection& db, const Identity& who, const MessageRef& which,
                                                  WallTime now, Effects& effects) const;

  enum class Reacting : std::uint8_t { add, take_back };
  struct Reacts {
    MessageRef to;
    std::string kind;
    Reacting how = Reacting::add;
  };
  [[nodiscard]] protocol::Outcome<Message> react(store::Connection& db, const Identity& who, const Reacts& what,
                                                 WallTime now, Effects& effects) const;

  [[nodiscard]] protocol::Outcome<MessagePage> page(store::Connection& db, const Identity& who,
                                                    std::int64_t conversation_id, const PageRequest& request) const;
  // The newest `limit` that hold every word, behind the acknowledgement by some milliseconds.
  [[nodiscard]] protocol::Outcome<MessagePage> search(store::Connection& db, const Identity& who,
                                                      std::int64_t conversation_id, std::string_view words,
                                                      const PageRequest& request) const;

  [[nodiscard]] const ChatSettings& settings() const { return settings_; }

 private:
  // What was stored first under this key; of what was not kept, as it is sent `again`.
  [[nodiscard]] std::optional<Message> known_under(const std::string& key, store::Connection& db, const Identity& who,
                                                   const Message& again) const;

  ChatSettings settings_;
  std::unique_ptr<RecentKeys> keys_;
};

}  // namespace signaling::service
