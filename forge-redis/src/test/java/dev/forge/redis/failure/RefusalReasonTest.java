package dev.forge.redis.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalReasonTest {

    /** The texts are those of Redis 6.2 and 7.0. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    OOM | OOM command not allowed when used memory > 'maxmemory'.
                    OOM | ERR Error running script (call to f_61): @user_script:1: @user_script: 1: -OOM command not allowed
                    READONLY | ERR Error running script (call to f_61): @user_script:12: @user_script: 12: -READONLY You can't
                    OOM | OOM command not allowed when used memory > 'maxmemory'. script: 61, on @user_script:1.
                    NOPERM | ERR Error running script (call to f_61): @user_script:1: @user_script: 1: The user executing the \
                    script can't run this command or subcommand
                    NOPERM | NOPERM this user has no permissions to run the 'incr' command
                    NOPERM | ERR The user executing the script can't run this command or subcommand script: 61, on \
                    @user_script:1.
                    NOPERM | ERR ACL failure in script: User app has no permissions to run the 'pttl' command script: 61, on \
                    @user_script:1.
                    WRONGTYPE | ERR Error running script (call to f_61): @user_script:1: WRONGTYPE Operation against a key
                    MAXCLIENTS | ERR max number of clients reached
                    OTHER | ERR Error running script (call to f_61): @user_script:1: user_script:1: attempt to call a nil value
                    OTHER | ERR unknown command
                    """)
    void findsTheReasonWithinAScriptError(RefusalReason reason, String error) {
        assertThat(RefusalReason.of(error)).isEqualTo(reason);
    }
}
