#include "turnd/auth/authenticator.h"

#include "tests/turnd/auth/authenticator_fixture.h"

namespace turnd::auth {
namespace {

TEST_F(AuthenticatorTest, AcceptsTheRightPassword_Rfc8489_s9_2_4) {
  const Outcome outcome = check(alice());

  ASSERT_EQ(told(outcome), "ok");
  const auto& accepted = std::get<Authenticated>(outcome);
  EXPECT_EQ(accepted.who(), (Identity{"alice", std::string(kRealm), CredentialKind::user, {}, std::nullopt}));
}

TEST_F(AuthenticatorTest, ChallengesARequestWithoutIntegrity_Rfc8489_s9_2_4) {
  stun::MessageBuilder message({stun::Method::allocate, stun::MessageClass::request}, {});

  EXPECT_EQ(told(check_bytes(message.add(stun::Username{"alice"}).take())), "401 no_credentials");
}

TEST_F(AuthenticatorTest, RefusesASignedRequestThatLacksNameRealmOrNonce_Rfc8489_s9_2_4) {
  Credentials nameless = alice(), realmless = alice(), nonceless = alice();
  nameless.username.reset();
  realmless.realm.reset();
  nonceless.nonce.reset();

  for (const Credentials& each : {nameless, realmless, nonceless}) EXPECT_EQ(told(check(each)), "400 bad_request");
}

TEST_F(AuthenticatorTest, RefusesAUserNameOfMoreThan508Bytes_Rfc8489_s14_3) {
  Credentials longest = alice(), too_long = alice();
  longest.username = std::string(508, 'a');
  too_long.username = std::string(509, 'a');

  EXPECT_EQ(told(check(longest)), "401 unknown_user");
  EXPECT_EQ(told(check(too_long)), "400 bad_request");
}

TEST_F(AuthenticatorTest, RefusesAWrongPasswordAndAnUnknownUserAlike_TEnum) {
  Credentials wrong = alice(), unknown = alice();
  wrong.password = "looking glass";
  unknown.username = "mallory";

  const Outcome first = check(wrong);
  EXPECT_EQ(told(first), "401 wrong_password");
  const Outcome second = check(unknown);
  EXPECT_EQ(told(second), "401 unknown_user");
  EXPECT_EQ(std::get<Refusal>(first).code, std::get<Refusal>(second).code);
  EXPECT_EQ(std::get<Refusal>(second).username, "mallory");
}

TEST_F(AuthenticatorTest, AStaleNonceSaysNothingAboutTheUser_TEnum) {
  Credentials known = alice(), wrong = alice(), unknown = alice();
  wrong.password = "looking glass";
  unknown.username = "mallory";
  now_.monotonic += 601s;

  for (const Credentials& each : {known, wrong, unknown}) EXPECT_EQ(told(check(each)), "438 stale_nonce");
}

TEST_F(AuthenticatorTest, TakesANonceForItsWholeLifetime_TNonce) {
  const Credentials credentials = alice();
  now_.monotonic += 600s;

  EXPECT_EQ(told(check(credentials)), "ok");
}

TEST_F(AuthenticatorTest, RefusesANonceOfAnotherClient_TNonce) {
  const Credentials credentials = alice();
  from_.client.port = 5001;

  EXPECT_EQ(told(check(credentials)), "438 stale_nonce");
}

TEST_F(AuthenticatorTest, ChallengesAnotherRealm_Rfc8489_s9_2_4) {
  Credentials elsewhere = alice();
  elsewhere.realm = "example.com";

  EXPECT_EQ(told(check(elsewhere)), "401 wrong_realm");
}

TEST_F(AuthenticatorTest, TheChallengeOffersBothAlgorithmsAndSaysSoInTheNonce_Rfc8489_s9_2_1) {
  stun::MessageBuilder reply({stun::Method::allocate, stun::MessageClass::error}, {});
  authenticator_.write_challenge(reply, from_, now_);
  const base::Bytes bytes = reply.take();
  const auto view = *stun::MessageView::parse(bytes);

  EXPECT_EQ(view.get<stun::Realm>().value.value().text, kRealm);
  EXPECT_EQ(view.get<stun::PasswordAlgorithms>().value.value().ids, (std::vector{Id::sha256, Id::md5}));
  const std::string nonce(view.get<stun::Nonce>().value.value().text);
  EXPECT_EQ(nonce.substr(0, 13), "obMatJos2wAAA");  // bits 0 and 1: there are users to hide
  EXPECT_EQ(features_of(nonce), (SecurityFeatures{.password_algorithms = true, .username_anonymity = true}));
}

TEST_F(AuthenticatorTest, AcceptsEveryPairOfKeyAndIntegrity_Rfc8489_s9_2_4) {
  for (const Id key : {Id::md5, Id::sha256})
    for (const auto integrity : {stun::IntegrityAlgorithm::sha1, stun::IntegrityAlgorithm::sha256}) {
      Credentials credentials = alice_sha256();
      credentials.algorithm = key;
      credentials.integrity = integrity;
      const Outcome outcome = check(credentials);

      ASSERT_EQ(told(outcome), "ok");
      const auto& accepted = std::get<Authenticated>(outcome);
      EXPECT_EQ(accepted.reply_key().algorithm, integrity);
      EXPECT_EQ(accepted.reply_key().key.size(), key == Id::md5 ? 16U : 32U);
    }
}

TEST_F(AuthenticatorTest, WithBothIntegrityAttributesTheStrongerOneDecides_Rfc8489_s9_2_4) {
  const Credentials credentials = alice();
  const auto keys = derive_keys("alice", kRealm, "wonderland");
  stun::MessageBuilder message({stun::Method::allocate, stun::MessageClass::request}, {});
  message.add(stun::Username{"alice"}).add(stun::Realm{kRealm}).add(stun::Nonce{*credentials.nonce});
  message.sign({stun::IntegrityAlgorithm::sha1, keys.md5}).sign({stun::IntegrityAlgorithm::sha256, keys.md5});
  base::Bytes good = message.take(), bad = good;
  bad.back() ^= 1;

  EXPECT_EQ(told(check_bytes(bad)), "401 wrong_password");
  const Outcome outcome = check_bytes(good);
  ASSERT_EQ(told(outcome), "ok");
  EXPECT_EQ(std::get<Authenticated>(outcome).reply_key().algorithm, stun::IntegrityAlgorithm::sha256);
}

TEST_F(AuthenticatorTest, RefusesABidDown_Rfc8489_s9_2_4) {
  Credentials only_list = alice_sha256(), only_choice = alice_sha256(), shorter = alice_sha256(),
              swapped = alice_sha256();
  only_list.algorithm.reset();
  only_choice.algorithms.reset();
  shorter.algorithms = {Id::md5};
  shorter.algorithm = Id::md5;
  swapped.algorithms = {Id::md5, Id::sha256};

  for (const Credentials& each : {only_list, only_choice, shorter, swapped})
    EXPECT_EQ(told(check(each)), "400 bad_request");
}

TEST_F(AuthenticatorTest, RefusesAnAlgorithmThatWasNotOffered_Rfc8489_s9_2_4) {
  Credentials unheard_of = alice_sha256();
  unheard_of.algorithm = static_cast<Id>(7);

  EXPECT_EQ(told(check(unheard_of)), "400 bad_request");
}

TEST_F(AuthenticatorTest, AUserOfAnMd5KeyCannotUseSha256_Rfc8489_s9_2_2) {
  Credentials md5 = alice(), sha256 = alice_sha256();
  md5.username = sha256.username = "md5only";
  md5.password = sha256.password = "hunter2";

  EXPECT_EQ(told(check(md5)), "ok");
  EXPECT_EQ(told(check(sha256)), "401 wrong_password");
}

TEST_F(AuthenticatorTest, FindsAUserByHash_Rfc8489_s14_4) {
  const auto hash = crypto::sha256({base::as_bytes("alice:example.org")});
  Credentials hidden = alice_sha256(), nobody = alice_sha256(), short_hash = alice_sha256();
  for (Credentials* each : {&hidden, &nobody, &short_hash}) each->username.reset();
  hidden.userhash = std::string(base::as_text(hash));
  nobody.userhash = std::string(32, 'x');
  short_hash.userhash = std::string(31, 'x');

  const Outcome outcome = check(hidden);
  ASSERT_EQ(told(outcome), "ok");
  EXPECT_EQ(std::get<Authenticated>(outcome).who().username, "alice");
  EXPECT_EQ(told(check(nobody)), "401 unknown_user");
  EXPECT_EQ(told(check(short_hash)), "400 bad_request");
}

// The design, "Reload": live sessions keep their realm.
TEST_F(AuthenticatorTest, FindsTheHolderByTheHashUnderItsOldRealm_Rfc8489_s14_4) {
  const Candidate holder = CredentialSource::make(settings(), {})->find("alice").front();
  const auto hash_of = [](std::string_view name_and_realm) {
    return std::string(base::as_text(crypto::sha256({base::as_bytes(name_and_realm)})));
  };
  Settings renamed = settings();
  renamed.realm = "new.example";
  authenticator_.replace(CredentialSource::make(renamed, {}));
  Credentials hidden = alice_sha256();
  hidden.username.reset();
  hidden.userhash = hash_of("alice:example.org");
  EXPECT_EQ(told(check(hidden)), "401 wrong_realm");

  from_.holder = &holder;
  const Outcome outcome = check(hidden);
  ASSERT_EQ(told(outcome), "ok");
  EXPECT_EQ(std::get<Authenticated>(outcome).who(), holder.identity);

  Credentials other = hidden;
  other.userhash = hash_of("md5only:example.org");
  EXPECT_EQ(told(check(other)), "401 unknown_user");
  renamed.users.erase("alice");
  authenticator_.replace(CredentialSource::make(renamed, {}));
  EXPECT_EQ(told(check(hidden)), "401 unknown_user");
}

TEST_F(AuthenticatorTest, PreparesTheNameBeforeItLooksItUp_Rfc8265_s4_2) {
  Credentials composed = alice(), decomposed = alice();
  composed.username = "caf\u00E9";
  composed.password = "cr\u00E8me";
  EXPECT_EQ(told(check(composed)), "ok");

  // The client sends NFD and derives its key from the prepared name, as RFC 8489 s9.2.2 says.
  const auto keys = derive_keys("caf\u00E9", kRealm, "cr\u00E8me");
  stun::MessageBuilder message({stun::Method::allocate, stun::MessageClass::request}, {});
  message.add(stun::Username{"cafe\u0301"}).add(stun::Realm{kRealm}).add(stun::Nonce{*decomposed.nonce});
  const Outcome outcome = check_bytes(message.sign({stun::IntegrityAlgorithm::sha1, keys.md5}).take());
  ASSERT_EQ(told(outcome), "ok");
  EXPECT_EQ(std::get<Authenticated>(outcome).who().username, "caf\u00E9");
}

TEST_F(AuthenticatorTest, ANameThatCannotBePreparedIsNobodys_TPrecis) {
  for (const char* name : {"al\x01ice", "\xC0\x80", "\xED\xA0\x80",
                           "\xEF\xBB\xBF"
                           "alice",
                           ""}) {
    Credentials credentials = alice();
    credentials.username = name;
    EXPECT_EQ(told(check(credentials)), "401 unknown_user") << name;
  }
}

TEST_F(AuthenticatorTest, ACredentialsReplacementHoldsAtOnce) {
  const Credentials credentials = alice();
  Settings without = settings();
  without.users.erase("alice");
  authenticator_.replace(CredentialSource::make(without, {}));

  EXPECT_EQ(told(check(credentials)), "401 unknown_user");
}

TEST_F(AuthenticatorTest, AnyChangedBitOfASignedRequestIsRefused_Rfc8489_s14_5) {
  const base::Bytes good = build(alice_sha256());
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    request_ = good;
    request_[bit / 8] = static_cast<std::uint8_t>(request_[bit / 8] ^ 1U << bit % 8);
    const auto view = stun::MessageView::parse(request_);
    if (!view) continue;
    EXPECT_NE(told(authenticator_.check(*view, from_, now_)), "ok") << "bit " << bit;
  }
}

TEST_F(AuthenticatorTest, LimitsChallengesOverUdpAlone) {
  const auto allowed_of_20 = [this] {
    int allowed = 0;
    for (int i = 0; i < 20; ++i) allowed += authenticator_.may_challenge(from_, now_.monotonic) ? 1 : 0;
    return allowed;
  };
  EXPECT_EQ(allowed_of_20(), 10);  // 2 a second, burst 5 s

  from_.transport = base::Transport::tcp;
  EXPECT_EQ(allowed_of_20(), 20);

  from_.transport = base::Transport::udp;
  authenticator_.set_limits(10min, 0);
  EXPECT_EQ(allowed_of_20(), 20);
}

}  // namespace
}  // namespace turnd::auth
