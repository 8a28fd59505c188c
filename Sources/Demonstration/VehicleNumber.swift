/// Vehicle identification numbers (GB 16735) for cars that do not exist.
enum VehicleNumber {
    /// Serials that a fleet can have before they repeat: six digits.
    static let serials = 1_000_000

    /// Positions 4 to 6 say `DEM`, so that a number made here is most unlikely to be that of somebody's car: what the
    /// demonstration tells about it would be a lie about theirs.
    static func text(_ series: Series, modelYear: Int, serial: Int) -> String {
        let head = Array((series.wmi + "DEM" + series.code).utf8)
        let tail = [yearCode(modelYear), UInt8(ascii: "D")] + digits(serial, count: 6)
        let check = checkDigit(head + [UInt8(ascii: "0")] + tail)
        return String(decoding: head + [check] + tail, as: UTF8.self)
    }

    /// `A` is 2010; the code leaves out I, O, Q, U, Z and 0 and repeats after 30 years.
    private static let yearCodes = Array("ABCDEFGHJKLMNPRSTVWXY123456789".utf8)
    private static let weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
    /// What the letters A to Z count; those that a VIN does not use count nothing.
    private static let letterValues = [
        1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 0, 7, 0, 9, 2, 3, 4, 5, 6, 7, 8, 9,
    ]

    private static func yearCode(_ year: Int) -> UInt8 {
        yearCodes[(year - 2010) % yearCodes.count]
    }

    private static func checkDigit(_ characters: [UInt8]) -> UInt8 {
        let sum = zip(characters, weights).reduce(0) { $0 + value($1.0) * $1.1 }
        return sum % 11 == 10 ? UInt8(ascii: "X") : UInt8(ascii: "0") + UInt8(sum % 11)
    }

    private static func value(_ character: UInt8) -> Int {
        character <= UInt8(ascii: "9")
            ? Int(character - UInt8(ascii: "0"))
            : letterValues[Int(character - UInt8(ascii: "A"))]
    }

    static func digits(_ number: Int, count: Int) -> [UInt8] {
        let text = Array(String(number).utf8.suffix(count))
        return Array(repeating: UInt8(ascii: "0"), count: count - text.count) + text
    }
}
