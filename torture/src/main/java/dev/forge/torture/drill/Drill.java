package dev.forge.torture.drill;

/** A problem in the application, and the promises that hold during and after it. */
@FunctionalInterface
interface Drill {

    /** Runs and checks it; leaves no thread and no connection behind. An exception is a violation too. */
    void run(DrillGround ground) throws Exception;
}
