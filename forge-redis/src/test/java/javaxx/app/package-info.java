/** Stands for packages such as {@code javafx}: the name begins with java, and is not of the JDK. */
@NullMarked
package javaxx.app;

import org.jspecify.annotations.NullMarked;
