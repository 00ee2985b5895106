package dev.forge.cli;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Makes temporary directories whose paths have no links in them, so that they equal what forge prints. */
public final class RealTempDir implements TempDirFactory {

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension) throws Exception {
        return Standard.INSTANCE.createTempDirectory(element, extension).toRealPath();
    }
}
