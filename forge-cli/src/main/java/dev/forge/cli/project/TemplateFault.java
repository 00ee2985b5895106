package dev.forge.cli.project;

/** A mistake in the template itself: a defect of Forge, never of the person who uses it. */
public final class TemplateFault extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    TemplateFault(String path, int line, String rule) {
        super(path + ":" + line + ": " + rule);
    }
}
