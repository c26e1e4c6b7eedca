// Questions about what is said in conversations.
#include <utility>

#include "signaling/gateway/question_work.h"

namespace signaling::gateway {

using protocol::ErrorCode;
using protocol::failure;
using protocol::Outcome;

namespace {

constexpr std::size_t kMostHistoryBytes = 256 * 1024;  // G87

// Outsiders hear `forbidden` on sockets (G68), `not_found` over HTTP (K9).
protocol::Failure for_sockets(protocol::Failure why) {
  return why.code == ErrorCode::not_found ? failure(ErrorCode::forbidden) : std::move(why);
}

std::optional<std::int64_t> message_number(const std::string& id) { return ConversationNames(0).id(id); }

Outcome<room::ChatPage> to_page(std::int64_t conversation, const Outcome<service::MessagePage>& found,
                                const ConversationNames& names) {
  if (!found) return for_sockets(found.error());
  room::ChatPage page{names.name(conversation), found->epoch, found->last_seq, found->complete, {}};
  for (const service::Message& message : found->messages) page.lines.push_back(to_line(message, names));
  return page;
}

}  // namespace

Outcome<std::int64_t> ServiceQuestions::conversation_id(const std::string& name) const {
  const auto id = parts_.names.id(name);
  if (!id) return failure(ErrorCode::forbidden);
  return *id;
}

void ServiceQuestions::ask(room::Ticket ticket, room::StoreChat question) {
  using Answer = Outcome<room::StoreChat::Answer>;
  write<room::StoreChat>(ticket, [this, question = std::move(question), now = parts_.now()](store::Connection& db,
                                                                                            service::Effects& effects) {
    const auto id = conversation_id(question.conversation_id);
    if (!id) return Answer(id.error());
    service::NewMessage message;
    message.conversation_id = *id;
    message.content = question.message;
    message.reply_to = message_number(question.reply_to);
    if (!question.reply_to.empty() && !message.reply_to)
      return Answer(protocol::bad_field("replyTo", "is no message of this conversation"));  // K4
    if (!question.key.empty()) message.key = question.key;
    message.sender_name = question.name;
    message.is_member = question.is_member;
    auto posted = parts_.messages.post(db, to_identity(question.person), message, now.wall, effects);
    if (!posted) return Answer(for_sockets(posted.error()));
    protocol::ChatLine line = to_line(posted->message, parts_.names);
    line.from_id = question.from_id;
    return Answer(room::StoreChat::Answer{std::move(line), !posted->is_new});
  });
}

void ServiceQuestions::ask(room::Ticket ticket, room::EditChat question) {
  using Answer = Outcome<room::EditChat::Answer>;
  write<room::EditChat>(ticket, [this, question = std::move(question), now = parts_.now()](store::Connection& db,
                                                                                           service::Effects& effects) {
    const auto id = message_number(question.message_id);
    if (!id) return Answer(failure(ErrorCode::not_found));
    const auto edited =
        parts_.messages.edit(db, to_identity(question.person), {*id, {}}, question.message, now.wall, effects);
    if (!edited) return Answer(edited.error());
    return Answer(room::EditChat::Answer{to_line(*edited, parts_.names)});
  });
}

void ServiceQuestions::ask(room::Ticket ticket, room::DeleteChat question) {
  using Answer = Outcome<room::DeleteChat::Answer>;
  write<room::DeleteChat>(ticket, [this, question = std::move(question), now = parts_.now()](
                                      store::Connection& db, service::Effects& effects) {
    const auto id = message_number(question.message_id);
    if (!id) return Answer(failure(ErrorCode::not_found));
    const auto removed = parts_.messages.remove(db, to_identity(question.person), {*id, {}}, now.wall, effects);
    if (!removed) return Answer(removed.error());
    return Answer(room::DeleteChat::Answer{question.message_id, parts_.names.name(removed->conversation_id)});
  });
}

void ServiceQuestions::ask(room::Ticket ticket, room::ReactChat question) {
  using Answer = Outcome<room::Done>;
  write<room::ReactChat>(ticket, [this, question = std::move(question), now = parts_.now()](store::Connection& db,
                                                                                            service::Effects& effects) {
    const auto id = message_number(question.message_id);
    if (!id) return Answer(failure(ErrorCode::not_found));
    using Reacting = service::Messages::Reacting;
    const Reacting how = question.remove ? Reacting::take_back : Reacting::add;
    const auto reacted =
        parts_.messages.react(db, to_identity(question.person), {{*id, {}}, question.kind, how}, now.wall, effects);
    return reacted ? Answer(room::Done{}) : Answer(reacted.error());
  });
}

void ServiceQuestions::ask(room::Ticket ticket, room::ClearChat question) {
  using Answer = Outcome<room::ClearChat::Answer>;
  write<room::ClearChat>(
      ticket, [this, question = std::move(question)](store::Connection& db, service::Effects& effects) {
        const auto id = conversation_id(question.conversation_id);
        if (!id) return Answer(id.error());
        const auto epoch = parts_.conversations.clear(db, to_identity(question.person), *id, effects);
        if (!epoch) return Answer(for_sockets(epoch.error()));
        return Answer(room::ClearChat::Answer{question.conversation_id, *epoch});
      });
}

void ServiceQuestions::ask(room::Ticket ticket, room::MarkRead question) {
  using Answer = Outcome<room::MarkRead::Answer>;
  write<room::MarkRead>(ticket, [this, question = std::move(question), now = parts_.now()](store::Connection& db,
                                                                                           service::Effects& effects) {
    const auto id = conversation_id(question.conversation_id);
    if (!id) return Answer(id.error());
    const auto read =
        parts_.conversations.mark_read(db, to_identity(question.person), *id, question.seq, now.wall, effects);
    if (!read) return Answer(for_sockets(read.error()));
    room::MarkRead::Answer answer{question.conversation_id, read->last_read_seq, {}};
    for (const service::ChatChange& change : effects.chat) answer.readers = person_ids(change.members);
    return Answer(std::move(answer));
  });
}

Outcome<room::ChatPage> ServiceQuestions::page(store::Connection& db, const room::Person& person,
                                               const std::string& conversation,
                                               const service::PageRequest& request) const {
  const auto id = conversation_id(conversation);
  if (!id) return id.error();
  return to_page(*id, parts_.messages.page(db, to_identity(person), *id, request), parts_.names);
}

void ServiceQuestions::ask(room::Ticket ticket, room::ReadChat question) {
  read<room::ReadChat>(ticket, [this, question = std::move(question)](store::Connection& db) {
    const service::PageRequest request{question.before,   question.after,     static_cast<std::size_t>(question.limit),
                                       kMostHistoryBytes, question.is_member, question.reactions};
    if (!question.q) return page(db, question.person, question.conversation_id, request);
    const auto id = conversation_id(question.conversation_id);
    if (!id) return Outcome<room::ChatPage>(id.error());
    return to_page(*id, parts_.messages.search(db, to_identity(question.person), *id, *question.q, request),
                   parts_.names);
  });
}

// Behind the writes that were asked for before: a line is in the page, or is pushed after it.
void ServiceQuestions::ask(room::Ticket ticket, room::OpenConversation question) {
  write<room::OpenConversation>(ticket,
                                [this, question = std::move(question)](store::Connection& db, service::Effects&) {
                                  const std::size_t limit = question.after ? service::Messages::kMostLimit : 0;
                                  return page(db, question.person, question.conversation_id,
                                              {{}, question.after, limit, kMostHistoryBytes, question.is_member});
                                });
}

}  // namespace signaling::gateway
