import Core
package import Cryptography
import Storage

/// The second thing that a person shows: a code of the app, or one of the recovery codes.
package enum SecondFactor: Sendable {
    case code(String)
    case recoveryCode(String)

    /// `code` or `recovery_code`, one of them.
    init?(_ reader: inout ObjectReader) {
        let code = reader.string("code", required: false, length: 1...SecondFactor.entryLength)
        let recovery = reader.string("recovery_code", required: false, length: 1...SecondFactor.entryLength)
        switch (code, recovery) {
        case (let code?, nil): self = .code(code)
        case (nil, let recovery?): self = .recoveryCode(recovery)
        default:
            reader.fault(
                "code",
                "required",
                zh: "须填 code 或 recovery_code，二者之一",
                en: "Needs either code or recovery_code"
            )
            return nil
        }
    }

    private static let entryLength = 64
}

/// Seals the secrets of authenticator apps, and checks what is shown of them.
package struct SecondFactors: Sendable {
    private let key: SecretBytes
    private let pepper: SecretBytes

    /// - Parameters:
    ///   - key: `KeyMaterial.secondFactorKey`.
    ///   - pepper: `KeyMaterial.signInPepper`.
    package init(key: SecretBytes, pepper: SecretBytes) {
        self.key = key
        self.pepper = pepper
    }

    /// - Parameter holder: whose it is; another's does not open.
    func seal(_ totp: TOTP, of holder: String) throws -> [UInt8] {
        try AEAD.seal(totp.secret.withUnsafeBytes { Array($0) }, key: key, associated: associated(holder))
    }

    func open(_ sealed: [UInt8], of holder: String) throws -> TOTP {
        try TOTP(secret: SecretBytes(try AEAD.open(sealed, key: key, associated: associated(holder))))
    }

    /// Takes what was shown out of use.
    ///
    /// - Returns: `false` where it is wrong, or has been used.
    func take(_ tx: any Transaction, _ shown: SecondFactor, of credentials: PersonStore.Credentials) throws -> Bool {
        let person = credentials.person
        switch shown {
        case .code(let code):
            guard let sealed = credentials.sealedTOTP else { return false }
            let totp = try open(sealed, of: person.subject.text)
            guard let step = try totp.accept(code, at: tx.now, after: credentials.lastStep) else { return false }
            return try PersonStore.take(tx, step: step, of: person.id)
        case .recoveryCode(let text):
            guard let code = RecoveryCode(entered: text) else { return false }
            let stored = try PersonStore.recoveryCodes(tx, of: person.id)
            guard let index = code.find(in: stored, pepper: pepper, account: person.id.text) else { return false }
            return try PersonStore.take(tx, recoveryCode: stored[index], of: person.id)
        }
    }

    /// Gives a person a new set; the old one is void.
    func issueRecoveryCodes(_ tx: any Transaction, to person: PersonID) throws -> [RecoveryCode] {
        let codes = RecoveryCode.randomSet()
        let hashes = codes.map { $0.authenticationCode(pepper: pepper, account: person.text) }
        try PersonStore.replaceRecoveryCodes(tx, of: person, by: hashes)
        return codes
    }

    private func associated(_ holder: String) -> [UInt8] { Array("chexin/totp/1\n\(holder)".utf8) }
}
