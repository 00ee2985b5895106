package com.example.app.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class DatabaseAddressTest {
    @Test
    void keepsJdbcUrlsUnchanged() {
        DatabaseAddress address = DatabaseAddress.parse("jdbc:postgresql://db/app", "ada", "secret");

        assertThat(address).isEqualTo(new DatabaseAddress("jdbc:postgresql://db/app", "ada", "secret"));
    }

    @Test
    void acceptsTheUrlsOfHostingServices() {
        DatabaseAddress address =
                DatabaseAddress.parse("postgres://ada:p%40ss%2Fw+rd@my_db:5433/app?sslmode=require", "", "");

        assertThat(address)
                .isEqualTo(new DatabaseAddress("jdbc:postgresql://my_db:5433/app?sslmode=require", "ada", "p@ss/w+rd"));
    }

    @Test
    void prefersTheSeparateUserAndPassword() {
        DatabaseAddress address = DatabaseAddress.parse("postgresql://ada:old@db/app", "bob", "new");

        assertThat(address).isEqualTo(new DatabaseAddress("jdbc:postgresql://db/app", "bob", "new"));
    }

    @Test
    void acceptsAUrlWithoutUserAndPassword() {
        DatabaseAddress address = DatabaseAddress.parse("postgresql://db/app", "", "");

        assertThat(address).isEqualTo(new DatabaseAddress("jdbc:postgresql://db/app", null, null));
    }

    @Test
    void refusesOtherUrlsWithoutShowingThem() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DatabaseAddress.parse("mysql://ada:secret@db/app", "", ""))
                .withMessageContaining("DATABASE_URL must start with")
                .withMessageNotContaining("secret");
    }

    @Test
    void refusesMalformedUrlsWithoutShowingThem() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DatabaseAddress.parse("postgresql://ada:se cret@db/app", "", ""))
                .withMessageContaining("encode special characters")
                .withMessageNotContaining("cret@")
                .withNoCause();
    }

    @Test
    void neverShowsThePassword() {
        DatabaseAddress address = DatabaseAddress.parse("postgresql://ada:secret@db/app", "", "");

        assertThat(address).asString().doesNotContain("secret");
    }
}
