package dev.cambrian.app;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A folder of certificates for a cluster: an authority, and for each node a folder with a certificate that it signed,
 * the key, and the authority's certificate. Made with the JDK's keytool.
 */
final class Certificates {
  /** A name that all nodes' certificates have beside their own: Akka wants one that both sides share. */
  private static final String SHARED_NAME = "cambrian";

  private static final String AUTHORITY_DAYS = "3650";
  private static final String NODE_DAYS = "825";
  /** They are valid from the day before on, as the clocks of machines differ. */
  private static final String FROM = "-1d";
  private static final String PASSWORD = "CAMBRIAN_KEYSTORE_PASSWORD";
  private static final long PATIENCE_SECONDS = 120;

  private final Path folder;
  private final String password;

  /** Those in a folder, which need not exist. */
  Certificates(Path folder) {
    this.folder = folder;
    byte[] secret = new byte[24];
    new SecureRandom().nextBytes(secret);
    this.password = HexFormat.of().formatHex(secret);
  }

  /**
   * Makes those of some hosts, and the authority unless it is there from an earlier time.
   *
   * @param hosts names or addresses, one of each node
   * @return the folders of the nodes
   * @throws UserError where they cannot be made
   */
  List<Path> make(List<String> hosts) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path work = Files.createTempDirectory(folder, ".making", mine(folder, "rwx------"));
    try {
      Path authority = authority(work);
      List<Path> made = new ArrayList<>();
      for (String host : hosts) {
        made.add(node(work, authority, host));
      }
      return made;
    } catch (GeneralSecurityException e) {
      throw UserError.failed("the certificates in " + folder + " cannot be made: " + e.getMessage() + ".", e);
    } finally {
      try (var files = Files.list(work)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(work);
    }
  }

  /** The authority in a key store of the moment; made where the folder has none. */
  private Path authority(Path work) throws IOException, InterruptedException, GeneralSecurityException {
    Path store = work.resolve("ca.p12");
    Path certificate = folder.resolve("ca.crt");
    Path key = folder.resolve("ca.key");
    if (Files.exists(key)) {
      KeyStore kept = KeyStore.getInstance("PKCS12");
      kept.load(null, null);
      kept.setKeyEntry("ca", Pem.privateKey(key), password.toCharArray(),
          new Certificate[] {Pem.certificate(certificate)});
      try (OutputStream out = Files.newOutputStream(store)) {
        kept.store(out, password.toCharArray());
      }
      return store;
    }
    keytool("-genkeypair", "-alias", "ca", "-keyalg", "RSA", "-keysize", "3072", "-sigalg", "SHA256withRSA",
        "-dname", "CN=Cambrian cluster authority " + password.substring(0, 8), "-startdate", FROM,
        "-validity", AUTHORITY_DAYS,
        "-ext", "bc:c=ca:true,pathlen:0", "-ext", "ku:c=keyCertSign,cRLSign",
        "-keystore", store.toString(), "-storetype", "PKCS12", "-storepass:env", PASSWORD);
    KeyStore made = load(store);
    writeKey(key, (PrivateKey) made.getKey("ca", password.toCharArray()));
    Files.writeString(certificate, Pem.text("CERTIFICATE", made.getCertificate("ca").getEncoded()));
    return store;
  }

  private Path node(Path work, Path authority, String host)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = work.resolve("node.p12");
    Path request = work.resolve("node.csr");
    Path signed = work.resolve("node.crt");
    for (Path file : List.of(store, request, signed)) {
      Files.deleteIfExists(file);
    }
    String name = host.matches("[0-9.]+|.*:.*") ? "ip:" + host : "dns:" + host;
    keytool("-genkeypair", "-alias", "node", "-keyalg", "RSA", "-keysize", "3072", "-dname", "CN=" + host,
        "-validity", NODE_DAYS, "-keystore", store.toString(), "-storetype", "PKCS12", "-storepass:env", PASSWORD);
    keytool("-certreq", "-alias", "node", "-file", request.toString(),
        "-keystore", store.toString(), "-storepass:env", PASSWORD);
    keytool("-gencert", "-alias", "ca", "-infile", request.toString(), "-outfile", signed.toString(), "-rfc",
        "-sigalg", "SHA256withRSA", "-startdate", FROM, "-validity", NODE_DAYS, "-ext", "san=" + name + ",dns:" + SHARED_NAME,
        "-ext", "ku:c=digitalSignature", "-ext", "eku=serverAuth,clientAuth",
        "-keystore", authority.toString(), "-storepass:env", PASSWORD);
    Path own = Files.createDirectories(folder.resolve(host.replace(':', '-')));
    writeKey(own.resolve("node.key"), (PrivateKey) load(store).getKey("node", password.toCharArray()));
    X509Certificate certificate = Pem.certificate(signed);
    Files.writeString(own.resolve("node.crt"), Pem.text("CERTIFICATE", certificate.getEncoded()));
    Files.writeString(own.resolve("ca.crt"), Files.readString(folder.resolve("ca.crt")));
    return own;
  }

  private KeyStore load(Path store) throws IOException, GeneralSecurityException {
    KeyStore loaded = KeyStore.getInstance("PKCS12");
    loaded.load(new ByteArrayInputStream(Files.readAllBytes(store)), password.toCharArray());
    return loaded;
  }

  /** A key is never readable for others, not even while it is written. */
  private static void writeKey(Path file, PrivateKey key) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(file, mine(file.toAbsolutePath().getParent(), "rw-------"));
    Files.writeString(file, Pem.text("PRIVATE KEY", key.getEncoded()), StandardOpenOption.TRUNCATE_EXISTING);
  }

  private static FileAttribute<?>[] mine(Path folder, String permissions) throws IOException {
    return Files.getFileStore(folder).supportsFileAttributeView("posix")
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))}
        : new FileAttribute<?>[0];
  }

  private void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(Map.of(PASSWORD, password, "LC_ALL", "C"));
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw UserError.failed("keytool " + arguments[0] + " failed: " + said.replaceAll("\\s+", " ") + ".");
    }
  }
}
