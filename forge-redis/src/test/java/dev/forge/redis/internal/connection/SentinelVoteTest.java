package dev.forge.redis.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

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
        vote.failed(new TimeoutException());
        vote.named(OLD);

        vote.failed(new TimeoutException());

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
    void reportsTheFirstFailureWhenNoSentinelNamesAnAddress() {
        vote.failed(new IllegalStateException("connection refused"));
        vote.failed(new TimeoutException());
        vote.failed(new TimeoutException());

        assertThat(vote.winner().handle((won, failure) -> failure.getMessage()).join())
                .isEqualTo("no sentinel returned the address: connection refused");
    }
}
