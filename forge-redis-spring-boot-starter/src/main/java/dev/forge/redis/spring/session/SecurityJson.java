package dev.forge.redis.spring.session;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.ObjectIdGenerators;
import com.fasterxml.jackson.annotation.SimpleObjectIdResolver;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.jackson.SecurityJacksonModule;
import org.springframework.security.jackson.SecurityJacksonModules;
import org.springframework.util.ClassUtils;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.type.WritableTypeId;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.PropertyName;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.introspect.ObjectIdInfo;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * The objects of Spring Security as JSON.
 *
 * <p>The Jackson modules of Spring Security say how each class is written and made. Their typing is not used: it puts
 * class names into the JSON, and loads those that it reads if they begin with an allowed name. {@link ClosedTyping}
 * stands in its place. Passwords, other credentials and details are never written; the details hold the id of a session.
 */
final class SecurityJson {

    private static final String SECURITY = "org.springframework.security.";
    private static final String SAML = SECURITY + "saml2.provider.service.authentication.";

    private static final String ONE_TIME = "one-time-login";
    private static final String PRE_AUTHENTICATED = "pre-authenticated-login";

    /** What a login may hold, by the name in JSON. The names are in sessions: they must stay. */
    private static final Map<String, String> CLASSES = Map.ofEntries(
            Map.entry("password-login", SECURITY + "authentication.UsernamePasswordAuthenticationToken"),
            Map.entry("remember-me-login", SECURITY + "authentication.RememberMeAuthenticationToken"),
            Map.entry(ONE_TIME, SECURITY + "authentication.ott.OneTimeTokenAuthentication"),
            Map.entry(PRE_AUTHENTICATED, SECURITY + "web.authentication.preauth.PreAuthenticatedAuthenticationToken"),
            Map.entry("oauth2-login", SECURITY + "oauth2.client.authentication.OAuth2AuthenticationToken"),
            Map.entry("saml2-login", SAML + "Saml2AssertionAuthentication"),
            Map.entry("saml2-response-login", SAML + "Saml2Authentication"),
            Map.entry("user", SECURITY + "core.userdetails.User"),
            Map.entry("oauth2-user", SECURITY + "oauth2.core.user.DefaultOAuth2User"),
            Map.entry("oidc-user", SECURITY + "oauth2.core.oidc.user.DefaultOidcUser"),
            Map.entry("oidc-id-token", SECURITY + "oauth2.core.oidc.OidcIdToken"),
            Map.entry("oidc-user-info", SECURITY + "oauth2.core.oidc.OidcUserInfo"),
            Map.entry("saml2-principal", SAML + "DefaultSaml2AuthenticatedPrincipal"),
            Map.entry("saml2-assertion", SAML + "Saml2ResponseAssertion"),
            Map.entry("authority", SECURITY + "core.authority.SimpleGrantedAuthority"),
            Map.entry("factor", SECURITY + "core.authority.FactorGrantedAuthority"),
            Map.entry("oauth2-authority", SECURITY + "oauth2.core.user.OAuth2UserAuthority"),
            Map.entry("oidc-authority", SECURITY + "oauth2.core.oidc.user.OidcUserAuthority"),
            Map.entry("switch-user-authority", SECURITY + "web.authentication.switchuser.SwitchUserGrantedAuthority"),
            Map.entry("saved-request", SECURITY + "web.savedrequest.DefaultSavedRequest"),
            Map.entry("oauth2-request", SECURITY + "oauth2.core.endpoint.OAuth2AuthorizationRequest"),
            Map.entry("saml2-redirect-request", SAML + "Saml2RedirectAuthenticationRequest"),
            Map.entry("saml2-post-request", SAML + "Saml2PostAuthenticationRequest"),
            Map.entry("saml2-logout-request", SAML + "logout.Saml2LogoutRequest"));

    /** What claims and attributes of users may hold, besides what JSON has. */
    private static final Map<String, Class<?>> VALUES = Map.ofEntries(
            Map.entry("map", LinkedHashMap.class),
            Map.entry("list", ArrayList.class),
            Map.entry("set", LinkedHashSet.class),
            Map.entry("long", Long.class),
            Map.entry("float", Float.class),
            Map.entry("big-integer", BigInteger.class),
            Map.entry("big-decimal", BigDecimal.class),
            Map.entry("instant", Instant.class),
            Map.entry("duration", Duration.class),
            Map.entry("date", Date.class),
            Map.entry("url", URL.class),
            Map.entry("uri", URI.class),
            Map.entry("uuid", UUID.class));

    private final Map<String, Class<?>> types = new HashMap<>(VALUES);
    private final JsonMapper mapper;

    /** @param registered the types of the application, which may be principals, details of users and whole logins */
    SecurityJson(Collection<SessionAttributeType<?>> registered) {
        ClassLoader loader = SecurityJson.class.getClassLoader();
        CLASSES.forEach((name, type) -> {
            if (ClassUtils.isPresent(type, loader)) {
                types.put(name, ClassUtils.resolveClassName(type, loader));
            }
        });
        SimpleModule own = new SimpleModule();
        Set<Class<?>> readHere =
                registered.stream().map(SessionAttributeType::type).collect(Collectors.toCollection(HashSet::new));
        if (types.containsKey(ONE_TIME)) {
            readHere.add(CheckedLoginReader.oneTimeToken(own));
        }
        if (types.containsKey(PRE_AUTHENTICATED)) {
            readHere.add(CheckedLoginReader.preAuthenticated(own));
        }
        for (SessionAttributeType<?> type : registered) {
            // An application may replace a type of Spring Security with its own.
            types.values().remove(type.type());
            types.put("app." + type.name(), type.type());
            add(own, type);
        }
        this.mapper = JsonMapper.builder()
                .addModules(SecurityJacksonModules.getModules(loader).stream()
                        .filter(SecurityJacksonModule.class::isInstance)
                        .toList())
                .addModule(own)
                .annotationIntrospector(new WithoutSecrets(readHere))
                .setDefaultTyping(new ClosedTyping(types))
                .build();
    }

    private static <T> void add(SimpleModule module, SessionAttributeType<T> type) {
        module.addSerializer(type.type(), new Registered<>(type));
        module.addDeserializer(type.type(), new RegisteredReader<>(type));
    }

    /** Returns {@code value} as JSON, where {@code declared} says what reads it. */
    String write(Object value, Class<?> declared) {
        return mapper.writerFor(declared).writeValueAsString(value);
    }

    /** Returns the class that has {@code name} in JSON, if it is there and the application has not replaced it. */
    Optional<Class<?>> type(String name) {
        return Optional.ofNullable(types.get(name));
    }

    JsonMapper mapper() {
        return mapper;
    }

    /** Reads what {@link #write} wrote; throws if it is anything else. */
    <T> T read(String text, Class<T> declared) {
        return Objects.requireNonNull(mapper.readValue(text, declared));
    }

    /** Leaves out secrets and types, and writes what several authorities share only once. */
    private static final class WithoutSecrets extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1;

        /** Fields, and the getters that classes without a module would be written by. */
        private static final Set<String> SECRETS = Set.of(
                "password",
                "credentials",
                "details",
                "cookies",
                "getPassword",
                "getCredentials",
                "getDetails",
                "getCookies");

        private static final Set<String> SHARED =
                Set.of(SECURITY + "oauth2.core.oidc.OidcIdToken", SECURITY + "oauth2.core.oidc.OidcUserInfo");

        private final transient Set<Class<?>> readHere;

        WithoutSecrets(Set<Class<?>> readHere) {
            this.readHere = readHere;
        }

        /** Leaves a type of the application to itself, even if Spring Security says how to read its superclass. */
        @Override
        public @Nullable Object findDeserializer(MapperConfig<?> config, Annotated type) {
            return readHere.contains(type.getRawType()) ? null : super.findDeserializer(config, type);
        }

        @Override
        public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(MapperConfig<?> config, Annotated type) {
            return null;
        }

        @Override
        public boolean hasIgnoreMarker(MapperConfig<?> config, AnnotatedMember member) {
            return (SECRETS.contains(member.getName())
                            && member.getDeclaringClass().getName().startsWith(SECURITY))
                    || super.hasIgnoreMarker(config, member);
        }

        @Override
        public @Nullable ObjectIdInfo findObjectIdInfo(MapperConfig<?> config, Annotated type) {
            return SHARED.contains(type.getRawType().getName())
                    ? new ObjectIdInfo(
                            PropertyName.construct("#"),
                            null,
                            ObjectIdGenerators.IntSequenceGenerator.class,
                            SimpleObjectIdResolver.class)
                    : super.findObjectIdInfo(config, type);
        }
    }

    /** Writes a value of a registered type as its text. */
    private static final class Registered<T> extends StdSerializer<T> {

        private final SessionAttributeType<T> type;

        Registered(SessionAttributeType<T> type) {
            super(type.type());
            this.type = type;
        }

        @Override
        public void serialize(T value, JsonGenerator out, SerializationContext context) {
            out.writeStartObject();
            out.writeStringProperty("text", type.write().apply(value));
            out.writeEndObject();
        }

        @Override
        public void serializeWithType(T value, JsonGenerator out, SerializationContext context, TypeSerializer typing) {
            WritableTypeId id = typing.writeTypePrefix(out, context, typing.typeId(value, JsonToken.START_OBJECT));
            out.writeStringProperty("text", type.write().apply(value));
            typing.writeTypeSuffix(out, context, id);
        }
    }

    /** Reads what {@link Registered} has written. */
    private static final class RegisteredReader<T> extends StdDeserializer<T> {

        private final SessionAttributeType<T> type;

        RegisteredReader(SessionAttributeType<T> type) {
            super(type.type());
            this.type = type;
        }

        @Override
        public T deserialize(JsonParser in, DeserializationContext context) {
            return type.read().apply(context.readTree(in).path("text").asString());
        }
    }
}
