#include "signaling/protocol/socketio_packet.h"

#include <gtest/gtest.h>

#include "signaling/protocol/json_text.h"

namespace signaling::protocol {
namespace {

SocketioPacket parsed(std::string_view text) {
  auto packet = parse_socketio(text);
  EXPECT_TRUE(packet) << text;
  return packet ? *packet : SocketioPacket{};
}

std::string why_refused(std::string_view text) {
  const auto packet = parse_socketio(text);
  return packet ? "accepted" : std::string(to_string(packet.error()));
}

std::string written(const SocketioPacket& packet) {
  std::string out;
  append_socketio(out, packet);
  return out;
}

TEST(SocketioPacket, ReadsAConnectionToANamespace) {
  EXPECT_EQ(parsed("0"), (SocketioPacket{SocketioType::connect, "/", {}, {}, 0}));
  EXPECT_EQ(parsed("0/meet"), (SocketioPacket{SocketioType::connect, "/meet", {}, {}, 0}));
  EXPECT_EQ(parsed("0/meet,"), (SocketioPacket{SocketioType::connect, "/meet", {}, {}, 0}));
  EXPECT_EQ(parsed(R"(0/meet,{"token":"a,b"})"),
            (SocketioPacket{SocketioType::connect, "/meet", {}, R"({"token":"a,b"})", 0}));
}

TEST(SocketioPacket, ReadsAnEventWithItsAckId) {
  const auto packet = parsed(R"(2/meet,12["join",{"meetingId":"A"},1])");

  EXPECT_EQ(packet.type, SocketioType::event);
  EXPECT_EQ(packet.name_space, "/meet");
  EXPECT_EQ(packet.ack_id, 12U);
  EXPECT_EQ(packet.data, R"(["join",{"meetingId":"A"},1])");
}

TEST(SocketioPacket, TakesAnEventApart) {
  const auto apart = [](std::string_view text) {
    const SocketioEvent event = split_event(parsed(text).data);
    return std::string(event.name) + " / " + std::string(event.arguments);
  };

  EXPECT_EQ(apart(R"(2["join",{"a":[1]},2])"), R"("join" / {"a":[1]},2)");
  EXPECT_EQ(apart(R"(2["a"])"), R"("a" / )");
  EXPECT_EQ(apart(R"(2 [ "a" , 1 , "]" ] )"), R"("a" / 1 , "]" )");
  EXPECT_EQ(apart("2[-1,[]]"), "-1 / []");
}

TEST(SocketioPacket, ReadsAnEventWhoseNameIsANumber) { EXPECT_EQ(parsed("2[1]").data, "[1]"); }

TEST(SocketioPacket, ReadsAcknowledgementsAndErrors) {
  EXPECT_EQ(parsed("37[]").data, "[]");
  EXPECT_EQ(parsed("37[]").ack_id, 7U);
  EXPECT_EQ(parsed(R"(4/x,{"message":"Invalid namespace"})").data, R"({"message":"Invalid namespace"})");
  EXPECT_EQ(parsed("1/meet").type, SocketioType::disconnect);
}

TEST(SocketioPacket, ReadsAnnouncedAttachments) {
  const auto packet = parsed(R"(52-/meet,3["file",{"_placeholder":true,"num":1},[{"_placeholder":true,"num":0}]])");

  EXPECT_EQ(packet.type, SocketioType::binary_event);
  EXPECT_EQ(packet.attachments, 2U);
  EXPECT_EQ(packet.name_space, "/meet");
  EXPECT_EQ(packet.ack_id, 3U);
  EXPECT_EQ(parsed(R"(61-4[{"_placeholder":true,"num":0}])").attachments, 1U);
  EXPECT_EQ(parsed(R"(510-["file"])").attachments, 10U);
}

TEST(SocketioPacket, RefusesUnknownTypes) {
  EXPECT_EQ(why_refused(""), "empty");
  EXPECT_EQ(why_refused("abc"), "unknown_type");
  EXPECT_EQ(why_refused(R"(7["a"])"), "unknown_type");
}

TEST(SocketioPacket, RefusesMoreThanTenAttachments_CVE_2026_33151) {
  EXPECT_EQ(why_refused(R"(511-["a"])"), "bad_attachments");
  EXPECT_EQ(why_refused(R"(51000000-["a"])"), "bad_attachments");
  EXPECT_EQ(why_refused(R"(599999999999999999999999-["a"])"), "bad_attachments");
  EXPECT_EQ(why_refused(R"(5["a"])"), "bad_attachments");
  EXPECT_EQ(why_refused(R"(5-["a"])"), "bad_attachments");
  EXPECT_EQ(why_refused(R"(51["a"])"), "bad_attachments");
  EXPECT_EQ(why_refused(R"(5-1-["a"])"), "bad_attachments");
}

TEST(SocketioPacket, RefusesPlaceholdersOfNoAttachment_CVE_2022_2421) {
  EXPECT_EQ(why_refused(R"(51-["a",{"_placeholder":true,"num":1}])"), "bad_attachments");
  EXPECT_EQ(why_refused(R"(51-["a",{"_placeholder":true,"num":-1}])"), "bad_attachments");
  EXPECT_EQ(why_refused(R"(51-["a",{"_placeholder":true,"num":"splice"}])"), "bad_attachments");
  EXPECT_EQ(why_refused(R"(51-["a",{"_placeholder":true,"num":0.5}])"), "bad_attachments");
  EXPECT_EQ(why_refused(R"(51-["a",{"_placeholder":true}])"), "bad_attachments");
  EXPECT_EQ(why_refused(R"(51-["a",{"b":[{"_placeholder":true,"num":1}]}])"), "bad_attachments");
}

TEST(SocketioPacket, LeavesWhatLooksLikeAPlaceholderInTextAlone) {
  EXPECT_EQ(why_refused(R"(2["a",{"_placeholder":true,"num":9}])"), "accepted");
  EXPECT_EQ(why_refused(R"(50-["a",{"_placeholder":false,"num":9}])"), "accepted");
}

TEST(SocketioPacket, RefusesBadAckIds) {
  EXPECT_EQ(why_refused(R"(2abc["a"])"), "bad_json");
  EXPECT_EQ(why_refused(R"(299999999999999999999["a"])"), "bad_ack_id");
  EXPECT_EQ(why_refused("3[]"), "bad_data");
}

TEST(SocketioPacket, RefusesDataThatTheTypeCannotCarry_CVE_2023_32695) {
  for (const auto* text : {"2", "2{}", "2[]", R"(2"a")", "2null", "2[{}]", "2[null]", "2[[\"a\"]]", "2[true]", "30",
                           "30{}", "0[]", "0\"token\"", "1{}", "1[]", "4", "4[]", R"(51-{"a":1})"})
    EXPECT_TRUE(why_refused(text) == "bad_data" || why_refused(text) == "bad_attachments") << text;
}

TEST(SocketioPacket, RefusesBadJson) {
  EXPECT_EQ(why_refused(R"(2["a")"), "bad_json");
  EXPECT_EQ(why_refused(R"(2["a"]x)"), "bad_json");
  EXPECT_EQ(why_refused("2[\"\xff\"]"), "bad_json");
  EXPECT_EQ(why_refused(R"(2["a",{"b":[1e309]}])"), "bad_json");  // JSON could not write it again
  EXPECT_EQ(why_refused("2[\"a\"," + std::string(400, '9') + "]"), "bad_json");
  EXPECT_EQ(why_refused(R"(2["a",1e308,1e-400])"), "accepted");
  EXPECT_EQ(why_refused(R"(2/meet["a"])"), "bad_data");  // without a comma all of it is the namespace
}

TEST(SocketioPacket, RefusesDeepNesting) {
  const auto nested = [](std::size_t depth) {
    return "2[\"a\"," + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "]";
  };

  EXPECT_EQ(why_refused(nested(kMaxJsonDepth)), "accepted");
  EXPECT_EQ(why_refused(nested(kMaxJsonDepth + 1)), "bad_json");
  EXPECT_EQ(why_refused("2" + std::string(100'000, '[')), "bad_json");
}

TEST(SocketioPacket, RefusesReservedNames) {
  for (const auto* name : {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"})
    EXPECT_EQ(why_refused("2[\"" + std::string(name) + "\"]"), "reserved_name");
  EXPECT_EQ(why_refused(R"(2["\u0063onnect"])"), "reserved_name");
  EXPECT_EQ(why_refused(R"(2["error"])"), "accepted");
}

TEST(SocketioPacket, WritesWhatItReads) {
  for (const auto* text : {"0", R"(0{"sid":"a"})", R"(0/meet,{"sid":"a"})", "1/meet,", R"(2["a",1,{"b":[true]}])",
                           R"(2/meet,7["a"])", R"(312[1,"2"])", R"(4/x,{"message":"Invalid namespace"})",
                           R"(51-["a",{"_placeholder":true,"num":0}])", R"(61-/meet,9[{"_placeholder":true,"num":0}])"})
    EXPECT_EQ(written(parsed(text)), text);
}

}  // namespace
}  // namespace signaling::protocol
