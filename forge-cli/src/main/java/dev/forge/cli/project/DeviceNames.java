package dev.forge.cli.project;

import java.util.Locale;
import java.util.regex.Pattern;

/** The names that Windows keeps for devices: a file or directory of that name cannot be checked out there. */
final class DeviceNames {
    private static final Pattern DEVICE = Pattern.compile("con|prn|aux|nul|com[0-9]|lpt[0-9]");

    private DeviceNames() {}

    static boolean contain(String name) {
        return DEVICE.matcher(name.toLowerCase(Locale.ROOT)).matches();
    }
}
