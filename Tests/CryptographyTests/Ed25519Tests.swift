import Core
import Cryptography
import Testing

struct Ed25519Tests {
    /// RFC 8032, section 7.1, tests 1 to 3: seed, public key, message, signature.
    static let vectors = rows(
        """
        9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60 \
        d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a - \
        e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b
        4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb \
        3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c 72 \
        92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00
        c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7 \
        fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025 af82 \
        6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a
        """
    )

    /// From the Wycheproof project's Ed25519 cases, by their number there: verdict, public key, message, signature.
    /// Among them values at the edges of R and S, a point not on the curve, and S beyond the group's order.
    static let wycheproof = rows(
        """
        1 valid 7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa - \
        d4fbdb52bfa726b44d1786a8c0d171c3e62ca83c9e5bbe63de0bb2483f8fd6cc1429ab72cafc41ab56af02ff8fcc43b99bfe4c7ae940f60f38ebaa9d311c4007
        2 valid 7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa 78 \
        d80737358ede548acb173ef7e0399f83392fe8125b2ce877de7975d8b726ef5b1e76632280ee38afad12125ea44b961bf92f1178c9fa819d020869975bcbe109
        10 invalid 7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa 3f \
        00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
        13 invalid 7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa 3f \
        0000000000000000000000000000000000000000000000000000000000000000edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010
        22 invalid 7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa 3f \
        edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010
        26 invalid 7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa 3f \
        edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f0100000000000000000000000000000000000000000000000000000000000000
        29 invalid 7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa 3f \
        edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7fedffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
        42 invalid 7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa 313233343030 \
        647c1492402ab5ce03e2c3a7f0384d051b9cf3570f1207fc78c1bcc98c281c2b1d125e5538f38afbcc1c84e489521083041d24bc6240767029da063271a1ff0c
        49 invalid 7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa 313233343030 \
        657c1492412ab5ce03e2c3a7f0384d051b9cf3570f1207fc78c1bcc98c281c2b7373ba13ebbef99cd2a8ead55ce735c987d85a35320925a8e871702dc7c5c40d
        55 invalid 7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa 313233343030 \
        657c1492402ab5ce03e2c3a7f0384d051b9cf3570f1207fc78c1bcc98c289c2be5241a345c7b5428054c74b7c382fa10d4a5f1e8f8b79a71d3fdea2254f1ff0e
        59 invalid 7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa 313233343030 \
        657c1492402ab5ce03e2c3a7f0384d051b9cf3570f1207fc78c1bcc98c281cab227aedf259f910f0f3a759a335062665217925d019173b88917eae294f75d40f
        60 invalid 7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa 313233343030 \
        0000000000000000000000000000000000000000000000000000000000000000e0b8e7770d51c7a36375d006c5bffd6af43ff54aaf47e4330dc118c71d61ec02
        61 invalid 7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa 313233343030 \
        ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff463a1908382e7eb7693acef9884f7cf931a215e0791876be22c631a59881fd0e
        62 invalid 7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa 313233343030 \
        9a83eb6dbfd54a31fc1d3c580fc7b2fae4630ca8f0edf803873e433673d7e3d40e94254586cb6188c5386c3febed477cb9a6cb29e3979adc4cb27cf5278fb70a
        63 invalid 7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa 54657374 \
        7c38e026f29e14aabd059a0f2db8b0cd783040609a8be684db12f82a27774ab067654bce3832c2d76f8f6f5dafc08d9339d4eef676573336a5c51eb6f946b31d
        64 invalid 7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa 54657374 \
        7c38e026f29e14aabd059a0f2db8b0cd783040609a8be684db12f82a27774ab05439412b5395d42f462c67008eba6ca839d4eef676573336a5c51eb6f946b32d
        66 invalid 7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa 54657374 \
        7c38e026f29e14aabd059a0f2db8b0cd783040609a8be684db12f82a27774ab0e2300459f1e742404cd934d2c595a6253ad4eef676573336a5c51eb6f946b38d
        67 invalid 7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa 54657374 \
        7c38e026f29e14aabd059a0f2db8b0cd783040609a8be684db12f82a27774ab07a9155711ecfaf7f99f277bad0c6ae7e39d4eef676573336a5c51eb6f946b32d
        69 invalid 7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa 54657374 \
        7c38e026f29e14aabd059a0f2db8b0cd783040609a8be684db12f82a27774ab07a9155711ecfaf7f99f277bad0c6ae7e39d4eef676573336a5c51eb6f946b38d
        70 invalid 7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa 54657374 \
        7c38e026f29e14aabd059a0f2db8b0cd783040609a8be684db12f82a27774ab0679155711ecfaf7f99f277bad0c6ae7e39d4eef676573336a5c51eb6f946b38d
        84 valid 100fdf47fb94f1536a4f7c3fda27383fa03375a8f527c537e6f1703c47f94f86 124e583f8b8eca58bb29c271b41d36986bbc45541f8e51f9cb0133eca447601e \
        dac119d6ca87fc59ae611c157048f4d4fc932a149dbe20ec6effd1436abf83ea05c7df0fef06147241259113909bc71bd3c53ba4464ffcad3c0968f2ffffff0f
        85 invalid 100fdf47fb94f1536a4f7c3fda27383fa03375a8f527c537e6f1703c47f94f86 6a0bc2b0057cedfc0fa2e3f7f7d39279b30f454a69dfd1117c758d86b19d85e0 \
        0971f86d2c9c78582524a103cb9cf949522ae528f8054dc20107d999be673ff4e25ebf2f2928766b1248bec6e91697775f8446639ede46ad4df4053000000010
        86 valid 8fd659b77b558ed93882c1157438450ac86ec62d421d568e98ee236f3810295a b0729a713593a92e46b56eaa66b9e435f7a09a8e7de03b078f6f282285276635f301e7aaafe42187c45d6f5b13f9f16b11195cc125c05b90d24dfe4c \
        7db17557ac470c0eda4eedaabce99197ab62565653cf911f632ee8be0e5ffcfc88fb94276b42e0798fd3aa2f0318be7fc6a29fae75f70c3dcdc414a0ad866601
        98 valid 529919c9c780985a841c42ba6c180ff2d67a276ccfbe281080e47ab71a758f56 e1cbf2d86827825613fb7a85811d \
        01abfa4d6bbc726b196928ec84fd03f0c953a4fa2b228249562ff1442a4f63a7150b064f3712b51c2af768d2c2711a71aabf8d186833e941a0301b82f0502905
        114 valid 037b55b427dc8daa0f80fcebaf0846902309f8a6cf18b465c0ce9b6539629ac8 01234567 \
        c964e100033ce8888b23466677da4f4aea29923f642ae508f9d0888d788150636ab9b2c3765e91bbb05153801114d9e52dc700df377212222bb766be4b8c020d
        119 valid 4abfb535313705a6570018440cdec1a3ae33e51f352112fa6acbd0c6bc3ea859 321b5f663c19e30ee7bbb85e48ecf44db9d3f512 \
        f296715e855d8aecccba782b670163dedc4458fe4eb509a856bcac450920fd2e95a3a3eb212d2d9ccaf948c39ae46a2548af125f8e2ad9b77bd18f92d59f9200
        130 valid 127d37e406e0d83e4b55a09e21e8f50fb88af47e4a43f018cdebffc1948757f0 e1ce107971534bc46a42ac609a1a37b4ca65791d \
        00c11e76b5866b7c37528b0670188c1a0473fb93c33b72ae604a8865a7d6e094ff722e8ede3cb18389685ff3c4086c29006047466f81e71a329711e0b9294709
        """
    )

    let key = try! Ed25519.PrivateKey.generate()
    let message = Array("recorded".utf8)

    @Test(arguments: vectors)
    func `agrees with RFC 8032`(row: [String]) throws {
        let row = row.map(bytes)
        let key = try Ed25519.PrivateKey(seed: SecretBytes(row[0]))
        #expect(key.publicKey.bytes == row[1])
        #expect(try key.sign(row[2]) == row[3])
        #expect(key.publicKey.isValid(signature: row[3], for: row[2]))
    }

    @Test(arguments: wycheproof)
    func `judges the edge cases of Wycheproof`(row: [String]) throws {
        let key = try Ed25519.PublicKey(bytes: bytes(row[2]))
        #expect(key.isValid(signature: bytes(row[4]), for: bytes(row[3])) == (row[1] == "valid"))
    }

    @Test func `a generated key comes back from its seed`() throws {
        let again = try Ed25519.PrivateKey(seed: key.seed)
        #expect(again.publicKey == key.publicKey)
        #expect(try Ed25519.PrivateKey.generate().publicKey != key.publicKey)
        #expect(try key.publicKey.isValid(signature: again.sign(message), for: message))
    }

    @Test func `a signature is of one message under one key`() throws {
        let signature = try key.sign(message)
        let otherKey = try Ed25519.PrivateKey.generate()
        #expect(key.publicKey.isValid(signature: signature, for: message))
        #expect(!otherKey.publicKey.isValid(signature: signature, for: message))
        for changed in oneBitFlips(of: message) + [[], message + [0], message.dropLast()] {
            #expect(!key.publicKey.isValid(signature: signature, for: changed))
        }
    }

    @Test func `a flipped bit anywhere in a signature is refused`() throws {
        for changed in oneBitFlips(of: try key.sign(message)) {
            #expect(!key.publicKey.isValid(signature: changed, for: message))
        }
    }

    @Test func `a signature of another length is refused`() throws {
        let signature = try key.sign(message)
        for count in 0..<signature.count {
            #expect(!key.publicKey.isValid(signature: signature.prefix(count), for: message))
        }
        #expect(!key.publicKey.isValid(signature: signature + [0], for: message))
    }

    @Test(arguments: [0, 31, 33, 64])
    func `keys of another length are refused`(count: Int) {
        let refusal = CryptographyError.wrongLength(expected: 32, actual: count)
        #expect(throws: refusal) { try Ed25519.PrivateKey(seed: .random(count: count)) }
        #expect(throws: refusal) { try Ed25519.PublicKey(bytes: [UInt8](repeating: 1, count: count)) }
    }

    @Test func `a key that is no point of the curve verifies nothing`() throws {
        // y = 2 has no x on the curve.
        let key = try Ed25519.PublicKey(bytes: [2] + [UInt8](repeating: 0, count: 31))
        #expect(try !key.isValid(signature: self.key.sign(message), for: message))
    }

    @Test func `a private key does not print its seed`() {
        #expect("\(key)".contains("<redacted>"))
    }
}
