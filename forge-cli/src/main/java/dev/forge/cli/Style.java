package dev.forge.cli;

/** Colours on a terminal; plain text in a pipe, or if the user has set {@code NO_COLOR}. */
record Style(boolean colour) {
    String strong(String text) {
        return paint("1", text);
    }

    String command(String text) {
        return paint("36", text);
    }

    String faint(String text) {
        return paint("2", text);
    }

    String error(String text) {
        return paint("31", text);
    }

    private String paint(String code, String text) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
