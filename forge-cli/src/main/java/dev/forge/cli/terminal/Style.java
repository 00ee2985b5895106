package dev.forge.cli.terminal;

/** Colours on a terminal; plain text in a pipe, or if the user has set {@code NO_COLOR}. */
public record Style(boolean colour) {
    /** A name or a heading. */
    public String strong(String text) {
        return paint("1", text);
    }

    /** A command to type. */
    public String command(String text) {
        return paint("36", text);
    }

    /** A remark. */
    public String faint(String text) {
        return paint("2", text);
    }

    /** What went wrong. */
    public String error(String text) {
        return paint("31", text);
    }

    private String paint(String code, String text) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
