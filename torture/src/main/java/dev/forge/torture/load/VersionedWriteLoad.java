package dev.forge.torture.load;

import dev.forge.torture.check.Outcome;
import dev.forge.torture.fault.Loss;
import java.util.Map;

/** Changes at the source of cached values, each followed by an invalidation. */
public final class VersionedWriteLoad implements LoadStream {

    private final Ground ground;
    private final Profiles profiles;
    private final Calls calls;

    public VersionedWriteLoad(Ground ground, Profiles profiles) {
        this.ground = ground;
        this.profiles = profiles;
        this.calls = new Calls(ground, name());
    }

    @Override
    public String name() {
        return "versioned writes";
    }

    @Override
    public double perSecond() {
        return 300;
    }

    @Override
    public void step() {
        int key = Profiles.anyKey();
        int back = ground.epochs().back();
        long version = profiles.check.change(key);
        calls.begin(
                ground.deadline(),
                () -> profiles.of(key).mine().invalidateAsync(Integer.toString(key)),
                (outcome, count) -> {
                    // An invalidation counts only if it was acknowledged, and if Redis cannot lose it any more.
                    if (outcome == Outcome.OK && ground.epochs().isForward(back)) {
                        profiles.check.invalidated(key, version, System.nanoTime());
                    }
                });
    }

    @Override
    public void lost(Loss loss) {
        if (loss == Loss.GOES_BACK) {
            profiles.check.forgotten();
        }
    }

    @Override
    public Map<String, Long> outcomes() {
        return calls.counts();
    }
}
