package dev.forge.cli.project;

import java.util.Locale;
import java.util.regex.Pattern;

/** The names that Windows reserves for devices: it cannot check out a file or directory of such a name. */
final class DeviceNames {
    private static final Pattern DEVICE = Pattern.compile("con|prn|aux|nul|com[0-9]|lpt[0-9]");

    private DeviceNames() {}

    static boolean contain(String name) {
        return DEVICE.matcher(name.toLowerCase(Locale.ROOT)).matches();
    }
}
