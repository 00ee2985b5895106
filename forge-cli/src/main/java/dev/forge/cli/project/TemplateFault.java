package dev.forge.cli.project;

/** A mistake in the template itself, which is a defect of Forge and never the user's fault. */
public final class TemplateFault extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    TemplateFault(String path, int line, String rule) {
        super(path + ":" + line + ": " + rule);
    }
}
