package dev.cambrian.app;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys as PEM files: base 64 between two lines that name what it is. */
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s+([A-Za-z0-9+/=\\s]+)-----END \\1-----");

  private Pem() {}

  /** The text of a block. */
  static String text(String label, byte[] content) {
    String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  /**
   * The certificate in a file.
   *
   * @throws GeneralSecurityException where it holds none
   */
  static X509Certificate certificate(Path file) throws IOException, GeneralSecurityException {
    return (X509Certificate) CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(block(file, "CERTIFICATE")));
  }

  /**
   * The key in a file, in the form PKCS#8.
   *
   * @throws GeneralSecurityException where it holds none
   */
  static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
    PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(block(file, "PRIVATE KEY"));
    for (String algorithm : List.of("RSA", "EC")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
      } catch (InvalidKeySpecException another) {
        // The next one may read it.
      }
    }
    throw new InvalidKeySpecException("it is neither an RSA nor an EC key");
  }

  private static byte[] block(Path file, String label) throws IOException, GeneralSecurityException {
    Matcher found = BLOCK.matcher(Files.readString(file));
    if (!found.find() || !found.group(1).equals(label)) {
      throw new InvalidKeySpecException("it does not begin with -----BEGIN " + label + "-----");
    }
    return Base64.getMimeDecoder().decode(found.group(2));
  }
}
