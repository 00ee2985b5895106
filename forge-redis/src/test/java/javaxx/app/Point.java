package javaxx.app;

/** A class of an application whose package begins as those of the JDK do. */
public record Point(int x, int y) {}
