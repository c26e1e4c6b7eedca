// What clients say to the hub in hub_fuzz: every message of signald.v1, with places for what they have heard.
#pragma once

#include <array>
#include <string_view>

namespace signaling::room {

// $p: a peerId somebody has, $m: a meeting, $c: a call, $q: a join request, $i: a small number.
inline constexpr std::array<std::string_view, 49> kFrames = {
    R"({"type":"auth","token":"$i"})",
    R"({"type":"auth","id":$i,"guest":{"name":"g$i"}})",
    R"({"type":"auth","guest":{"name":"g$i","secret":"$i"}})",
    R"({"type":"join","id":$i,"meetingId":"$m"})",
    R"({"type":"join","meetingId":"$m","replace":true})",
    R"({"type":"join","meetingId":"$m","replace":true,"peerId":"$p"})",
    R"({"type":"leave","id":$i})",
    R"({"type":"end","id":$i})",
    R"({"type":"end_meeting"})",
    R"({"type":"offer","id":$i,"targetId":"$p","offer":"v=0"})",
    R"({"type":"offer","offer":"v=0"})",
    R"({"type":"answer","targetId":"$p","answer":{"type":"answer"}})",
    R"({"type":"description","targetId":"$p","description":{"type":"rollback"}})",
    R"({"type":"candidate","targetId":"$p","candidate":null})",
    R"({"type":"ice-request","id":$i})",
    R"({"type":"media","audio":true,"screen":true})",
    R"({"type":"hand","raised":true})",
    R"({"type":"reaction","kind":"x"})",
    R"({"type":"caption","text":"x","final":false})",
    R"({"type":"data","topic":"t","payload":{"a":1}})",
    R"({"type":"data","targetId":"$p","topic":"t","payload":1,"volatile":true})",
    R"({"type":"chat","id":$i,"key":"$i","message":"hello"})",
    R"({"type":"chat","message":"psst","targetId":"$p"})",
    R"({"type":"chat_message","conversationId":"general","message":"hello"})",
    R"({"type":"chat-edit","messageId":"$i","message":"x"})",
    R"({"type":"chat-delete","messageId":"$i"})",
    R"({"type":"chat-clear"})",
    R"({"type":"chat-read","conversationId":"$i","seq":1})",
    R"({"type":"typing","isTyping":true})",
    R"({"type":"chat-history","id":$i})",
    R"({"type":"subscribe","id":$i,"conversationId":"general","after":0})",
    R"({"type":"unsubscribe","conversationId":"general"})",
    R"({"type":"subscribe","id":$i,"topic":"presence"})",
    R"({"type":"subscribe","topic":"stats"})",
    R"({"type":"unsubscribe","topic":"presence"})",
    R"({"type":"call","id":$i,"action":"invite","to":"$i"})",
    R"({"type":"call","action":"accept","callId":"$c"})",
    R"({"type":"call","action":"end","callId":"$c"})",
    R"({"type":"admit","all":true,"id":$i})",
    R"({"type":"deny","requestIds":["$q"]})",
    R"({"type":"moderate","id":$i,"action":"kick","targetId":"$p"})",
    R"({"type":"moderate","action":"role","value":"host","targetId":"$p"})",
    R"({"type":"moderate","action":"mute-all"})",
    R"({"type":"moderate","action":"lock"})",
    R"({"type":"recording","action":"start"})",
    R"({"type":"ping","t":[1]})",
    R"({"type":"auth","resume":{"sessionId":"$s","resumeToken":"$t","s":$i}})",
    R"({"type":"chat-react","id":$i,"messageId":"1","kind":"x"})",
    R"({"type":"chat-history","id":$i,"q":"hello"})",
};

}  // namespace signaling::room
