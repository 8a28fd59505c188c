/// A unified social credit code (统一社会信用代码, GB 32100), which names an organisation. Positions 9 to 17 are the
/// organisation code of GB 11714 with a check digit of its own; both are checked.
package struct USCC: TextValue, Hashable {
    package let text: String

    /// - Throws: `length`, `charset`, `dept`, `region`, `check_digit` or `org_check_digit`, the first that applies.
    package init(parsing text: String) throws(TextFault) {
        let characters = Array(text.utf8)
        let count = text.unicodeScalars.count
        guard count == USCC.length else { throw USCC.lengthFault(count) }
        guard characters.allSatisfy(USCC.alphabet.contains) else { throw USCC.charsetFault }
        guard USCC.departments.contains(characters[0]) else { throw USCC.departmentFault }
        guard characters[2..<8].allSatisfy(isASCIIDigit) else { throw USCC.regionFault }
        guard characters[17] == USCC.checkCharacter(of: characters) else { throw USCC.checkFault }
        guard characters[16] == USCC.organizationCheckDigit(of: characters[8..<16]) else {
            throw USCC.organizationCheckFault
        }
        self.text = text
    }

    /// The administrative division where the organisation is registered, six digits (GB/T 2260).
    package var region: String { String(text.dropFirst(2).prefix(6)) }

    /// The organisation code (GB 11714), nine characters.
    package var organizationCode: String { String(text.dropFirst(8).prefix(9)) }
}

extension USCC {
    private static let length = 18
    /// 31 characters: I, O, S, V and Z are left out.
    private static let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)
    /// Who registers: 1 to 9 the departments, A the Central Military Commission, N agriculture, Y the rest.
    private static let departments = Array("123456789ANY".utf8)

    /// The weights are powers of 3 modulo 31.
    private static func checkCharacter(of characters: [UInt8]) -> UInt8 {
        var weight = 1
        var sum = 0
        for character in characters.prefix(17) {
            sum += (alphabet.firstIndex(of: character) ?? 0) * weight
            weight = weight * 3 % 31
        }
        return alphabet[(31 - sum % 31) % 31]
    }

    /// GB 11714 counts the whole Latin alphabet: A is 10, Z is 35.
    private static func organizationCheckDigit(of characters: ArraySlice<UInt8>) -> UInt8 {
        let weights = [3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(characters, weights).reduce(0) { sum, pair in
            let (character, weight) = pair
            let base = isASCIIDigit(character) ? UInt8(ascii: "0") : UInt8(ascii: "A") - 10
            return sum + Int(character - base) * weight
        }
        let digit = (11 - sum % 11) % 11
        return digit == 10 ? UInt8(ascii: "X") : UInt8(ascii: "0") + UInt8(digit)
    }
}

// MARK: - Faults

extension USCC {
    private static func lengthFault(_ count: Int) -> TextFault {
        TextFault(
            "length",
            zh: "统一社会信用代码须为 18 位，现为 \(count) 位",
            en: "A unified social credit code has 18 characters, not \(count)"
        )
    }

    private static let charsetFault = TextFault(
        "charset",
        zh: "统一社会信用代码只能含数字和大写字母，且不使用 I、O、S、V、Z",
        en: "A unified social credit code has digits and upper-case letters without I, O, S, V and Z"
    )
    private static let departmentFault = TextFault(
        "dept",
        zh: "统一社会信用代码第 1 位不是登记管理部门代码",
        en: "The first character of the credit code names no registering department"
    )
    private static let regionFault = TextFault(
        "region",
        zh: "统一社会信用代码第 3 至 8 位须为行政区划代码（数字）",
        en: "Characters 3 to 8 of the credit code must be the digits of an administrative division"
    )
    private static let checkFault = TextFault(
        "check_digit",
        zh: "统一社会信用代码校验不符，请逐位核对",
        en: "The credit code does not check; compare every character"
    )
    private static let organizationCheckFault = TextFault(
        "org_check_digit",
        zh: "统一社会信用代码中的组织机构代码（第 9 至 17 位）校验不符，请逐位核对",
        en: "The organisation code in the credit code (characters 9 to 17) does not check; compare every character"
    )
}

/// `0` to `9` and nothing else: other scripts have digits too, and no identifier uses them.
func isASCIIDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
