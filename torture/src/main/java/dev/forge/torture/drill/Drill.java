package dev.forge.torture.drill;

/** Something that an application does, and what has to hold meanwhile and afterwards. */
@FunctionalInterface
interface Drill {

    /** Does it and checks it; leaves no thread and no connection behind. Throws what the library must not have thrown. */
    void run(DrillGround ground) throws Exception;
}
