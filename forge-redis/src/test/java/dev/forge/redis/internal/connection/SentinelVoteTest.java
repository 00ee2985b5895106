package dev.forge.redis.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.internal.protocol.Failures;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class SentinelVoteTest {

    private static final HostAndPort OLD = new HostAndPort("old", 6379);
    private static final HostAndPort NEW = new HostAndPort("new", 6379);

    private final SentinelVote vote = new SentinelVote(3, 1);

    @Test
    void endsAsSoonAsMoreThanHalfOfAllAgree() {
        vote.named(NEW);
        assertThat(vote.winner()).isNotDone();

        vote.named(NEW);

        assertThat(vote.winner()).isCompletedWithValue(NEW);
    }

    @Test
    void leavesOutASentinelThatIsCutOffEvenIfItAnswersFirst() {
        vote.named(OLD);
        vote.named(NEW);
        assertThat(vote.winner()).isNotDone();

        vote.named(NEW);

        assertThat(vote.winner()).isCompletedWithValue(NEW);
    }

    @Test
    void takesTheOnlyAnswerWhenTheOthersFail() {
        vote.failed(OLD, new TimeoutException());
        vote.named(OLD);

        vote.failed(OLD, new TimeoutException());

        assertThat(vote.winner()).isCompletedWithValue(OLD);
    }

    @Test
    void failsWhenFewerThanItNeedsNameOneAddress() {
        SentinelVote twoOfThree = new SentinelVote(3, 2);
        twoOfThree.named(NEW);
        twoOfThree.named(OLD);

        twoOfThree.end();

        assertThat(twoOfThree.winner()).isCompletedExceptionally();
    }

    @Test
    void takesTheFirstAnswerOfSeveralThatAreNamedAsOften() {
        vote.named(NEW);
        vote.named(OLD);

        vote.end();

        assertThat(vote.winner()).isCompletedWithValue(NEW);
    }

    @Test
    void reportsEachSentinelWhenNoneNamesAnAddress() {
        vote.failed(sentinel(2), new TimeoutException());
        vote.failed(sentinel(3), new TimeoutException());
        vote.failed(sentinel(1), new IllegalStateException("connection refused"));

        assertThat(failure())
                .hasMessage(
                        "cannot connect to Redis at shop: no sentinel has named the primary: s1:26379: connection refused;"
                                + " s2:26379: no answer in time; s3:26379: no answer in time");
    }

    @Test
    void reportsThatASentinelWantsAPasswordWhicheverFailedFirst() {
        vote.failed(sentinel(1), new IllegalStateException("connection refused"));
        vote.failed(sentinel(2), Failures.refusedConnection("s2:26379", "NOAUTH Authentication required."));
        vote.failed(sentinel(3), new TimeoutException());

        assertThat(failure())
                .isInstanceOf(RedisRefusedException.class)
                .hasMessageStartingWith("no sentinel has named the primary: s1:26379: connection refused; s2:26379: ")
                .hasMessageContaining("Redis at s2:26379 refused the connection: NOAUTH")
                .hasMessageEndingWith("; s3:26379: no answer in time");
    }

    private RedisFailure failure() {
        return vote.winner()
                .handle((won, failure) -> Failures.connecting("shop", failure))
                .join();
    }

    private static HostAndPort sentinel(int number) {
        return new HostAndPort("s" + number, 26379);
    }
}
