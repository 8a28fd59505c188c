/// Arithmetic on the logarithmic scale without floating point: effects are millionths of the natural logarithm, so that
/// factors add, and every machine gets the same fen of them.
///
/// Inside, 44 binary digits follow the point, and every step rounds towards minus infinity; results are rounded to the
/// nearest, halves up.
package enum LogScale {
    /// One in `effectLog`: a factor of e.
    package static let one: Int64 = 1_000_000
    private static let fraction = 44
    /// ln 2 with `fraction` binary digits.
    private static let ln2: Int64 = 12_193_974_156_573
    /// More than any amount; less than what overflows.
    private static let limit: Int64 = 40 * one

    /// e to the power of `log`, times `scale`, rounded to the nearest.
    package static func exp(_ log: Int64, scale: Int64 = 1) -> Int64 {
        let log = min(max(log, -limit), limit)
        let full = Int128(log) << fraction
        let scaled = Int64(full / Int128(one))
        let power = scaled >= 0 ? scaled / ln2 : -((-scaled + ln2 - 1) / ln2)
        let rest = scaled - power * ln2
        var term: Int64 = 1 << fraction
        var sum: Int64 = term
        for index in 1...20 where term != 0 {
            term = Int64((Int128(term) * Int128(rest)) >> fraction) / Int64(index)
            sum += term
        }
        let shift = fraction - Int(power)
        let product = Int128(sum) * Int128(scale)
        guard shift > 0 else { return Int64(clamping: product << min(-shift, 60)) }
        guard shift < 120 else { return 0 }
        return Int64(clamping: (product + (1 << (shift - 1))) >> shift)
    }

    /// The logarithm of `number ÷ divisor`; both have to be above zero.
    package static func ln(_ number: Int64, over divisor: Int64 = 1) -> Int64 {
        guard number > 0, divisor > 0 else { return -limit }
        return lnOfInteger(number) - lnOfInteger(divisor)
    }

    /// By halves: the mantissa is squared, and each time that it reaches two a binary digit is won.
    private static func lnOfInteger(_ number: Int64) -> Int64 {
        let power = 63 - number.leadingZeroBitCount
        var mantissa = power <= 62 ? UInt64(number) << (62 - power) : UInt64(number)
        var digits: Int64 = 0
        for _ in 0..<30 {
            let square = mantissa.multipliedFullWidth(by: mantissa)
            // Of 124 digits after the point 62 are kept.
            mantissa = square.high << 2 | square.low >> 62
            digits <<= 1
            if mantissa >= 1 << 63 {
                mantissa >>= 1
                digits |= 1
            }
        }
        let binary = Int128(power) << 30 + Int128(digits)
        return Int64((binary * Int128(693_147_180_560) / 1_000_000 + (1 << 29)) >> 30)
    }

    /// What an effect is in millionths of the price before it.
    package static func ppm(_ log: Int64) -> Int64 { exp(log, scale: 1_000_000) - 1_000_000 }

    /// `left × right ÷ divisor`, to the nearest, halves away from zero. The caller knows that the result fits.
    package static func scaled(_ left: Int64, _ right: Int64, by divisor: Int64) -> Int64 {
        let product = Int128(left) * Int128(right)
        let half = Int128(divisor / 2)
        return Int64(clamping: (product >= 0 ? product + half : product - half) / Int128(divisor))
    }
}
