// Load: what is sent is what is counted, in the closed loop and at a rate, and what is lost is lost.
#include "turnctl/bench/load.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <stdexcept>

#include "turnctl/bench/pacing.h"
#include "turnctl/bench/process_cost.h"
#include "turnctl/bench/stamp.h"

namespace turnctl::bench {
namespace {

using namespace std::chrono_literals;
using turnd::base::Bytes;
using turnd::base::ByteView;

// One end of a pair of sockets; of every `loses`th payload it only says that it was sent.
class PairLane final : public Lane {
 public:
  explicit PairLane(int descriptor, std::size_t loses = 0) : descriptor_(descriptor), loses_(loses) {}
  ~PairLane() override { ::close(descriptor_); }
  int descriptor() const override { return descriptor_; }
  bool send(ByteView payload) override {
    sizes.push_back(payload.size());
    if (loses_ != 0 && sizes.size() % loses_ == 0) return true;
    return ::send(descriptor_, payload.data(), payload.size(), MSG_DONTWAIT) >= 0;
  }
  bool receive(const Take& take) override {
    std::array<std::uint8_t, 4096> bytes;
    for (;;) {
      const auto size = recv(descriptor_, bytes.data(), bytes.size(), MSG_DONTWAIT);
      if (size < 0) return errno == EAGAIN;
      if (size == 0) return false;
      take(ByteView(bytes).first(static_cast<std::size_t>(size)));
    }
  }
  std::vector<std::size_t> sizes;

 private:
  int descriptor_;
  std::size_t loses_;
};

class LoadTest : public testing::Test {
 protected:
  static std::array<int, 2> pair() {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) throw std::runtime_error("socketpair");
    return ends;
  }
  void connect(std::size_t loses = 0) {
    const auto ends = pair();
    from = std::make_unique<PairLane>(ends[0], loses);
    to = std::make_unique<PairLane>(ends[1]);
  }
  [[nodiscard]] std::vector<Way> ways() const { return {{*from, *to}, {*to, *from}}; }

  std::unique_ptr<PairLane> from, to;
};

TEST_F(LoadTest, CountsEverythingOfAClosedLoop) {
  connect();

  const Measured measured = measure({.sizes = {1000}, .duration = 100ms}, ways());

  EXPECT_GT(measured.sent, 100u);
  EXPECT_EQ(measured.received, measured.sent - measured.refused);
  EXPECT_EQ(measured.received_bytes, measured.received * 1000);
  EXPECT_EQ(measured.latency.count(), measured.received);
  EXPECT_GT(measured.latency.max(), 0ns);
  EXPECT_EQ(measured.strange, 0u);
  EXPECT_NEAR(measured.time.count(), 0.1, 0.1);
}

TEST_F(LoadTest, KeepsToItsRateAndTakesSizesInTurn) {
  connect();

  const Measured measured = measure({.sizes = {100, 200}, .packets_per_second = 1000, .duration = 500ms}, ways());

  EXPECT_NEAR(static_cast<double>(measured.sent), 500, 25);
  EXPECT_EQ(measured.received, measured.sent);
  ASSERT_GE(from->sizes.size(), 2u);
  EXPECT_EQ(from->sizes[0], 100u);
  EXPECT_EQ(to->sizes[0], 200u);
}

TEST_F(LoadTest, SendsBurstsOfOneWayTogether) {
  connect();

  const Measured measured = measure({.packets_per_second = 1000, .burst = 8, .duration = 200ms}, ways());

  EXPECT_EQ(measured.sent % 8, 0u);
  EXPECT_EQ(from->sizes.size() % 8, 0u);
}

TEST_F(LoadTest, TellsWhatIsLostAndGoesOn) {
  connect(4);

  const Measured measured = measure({.packets_per_second = 1000, .duration = 200ms}, ways());
  const std::size_t lost = from->sizes.size() / 4;

  EXPECT_GT(lost, 10u);
  EXPECT_EQ(measured.received, measured.sent - lost);
}

TEST_F(LoadTest, BeginsAnewWhenAWindowIsLost) {
  connect(1);  // everything that one side sends

  const Measured measured = measure({.window = 4, .duration = 500ms}, ways());

  EXPECT_GT(from->sizes.size(), 4u);
  EXPECT_GT(measured.received, 0u) << "the other way goes on";
}

TEST_F(LoadTest, TellsPayloadThatNobodySentThere) {
  connect();
  Bytes other(100);
  Stamp{7, 1ns}.write(other);
  ASSERT_TRUE(from->send(other));
  ASSERT_TRUE(from->send(Bytes(100)));

  const Measured measured = measure({.packets_per_second = 100, .duration = 100ms}, ways());

  EXPECT_EQ(measured.strange, 2u);
}

TEST_F(LoadTest, GoesOnWithoutALaneThatBreaks) {
  connect();
  shutdown(from->descriptor(), SHUT_RDWR);

  const Measured measured = measure({.packets_per_second = 1000, .duration = 100ms}, ways());

  EXPECT_EQ(measured.broken, 2u);
  EXPECT_EQ(measured.received, 0u);
}

TEST(Pacing, CatchesUpWithWhatIsDue) {
  const Pacing pacing(1000);

  EXPECT_EQ(pacing.due(0ns), 0u);
  EXPECT_EQ(pacing.due(10ms), 10u);
  for (const std::uint64_t sent : {0U, 1U, 9U, 12'345U}) EXPECT_EQ(pacing.due(pacing.next(sent)), sent + 1);
}

TEST(Stamp, ComesOutAsItWentIn) {
  Bytes payload(Stamp::kSize);
  Stamp{3, 123'456'789'012ns}.write(payload);

  const auto stamp = Stamp::read(payload);

  ASSERT_TRUE(stamp);
  EXPECT_EQ(stamp->way, 3u);
  EXPECT_EQ(stamp->sent, 123'456'789'012ns);
  EXPECT_FALSE(Stamp::read(ByteView(payload).first(Stamp::kSize - 1)));
  EXPECT_FALSE(Stamp::read(Bytes(100)));
}

TEST(ProcessCost, GrowsWithWhatAProcessDoes) {
  const auto before = cost_of(getpid());
  ASSERT_TRUE(before);
  volatile std::uint64_t work = 0;
  for (int i = 0; i < 30'000'000; ++i) work = work + 1;
  const auto after = cost_of(getpid());

  ASSERT_TRUE(after);
  EXPECT_GT(after->cpu, before->cpu);
  EXPECT_GT(after->processors, before->processors);
  EXPECT_GT(after->resident, 0u);
  EXPECT_FALSE(cost_of(-1));
}

}  // namespace
}  // namespace turnctl::bench
