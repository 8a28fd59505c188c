import Core
import Testing

@Suite struct IDTests {
    private enum Organization: IDTag {
        static let prefix = "org"
    }

    private enum LongTag: IDTag {
        static let prefix = "api_key"
    }

    @Test func `an identifier is its prefix and twenty-six characters`() throws {
        let id = ID<Organization>(at: Instant(milliseconds: 1_700_000_000_000))
        #expect(id.text.hasPrefix("org_"))
        #expect(id.text.utf8.count == 30)
        #expect(ID<Organization>(id.text) == id)
        #expect(id.description == id.text)
        #expect(ID<LongTag>(at: Instant(milliseconds: 0)).text.utf8.count == 34)
    }

    @Test func `identifiers sort by time of creation`() {
        var random = SeededRandom(seed: 7)
        var earlier = ID<Organization>(at: Instant(milliseconds: 0), using: &random)
        var milliseconds: Int64 = 0
        for _ in 0..<2_000 {
            milliseconds += Int64.random(in: 1...100_000_000, using: &random)
            let id = ID<Organization>(at: Instant(milliseconds: milliseconds), using: &random)
            #expect(earlier < id)
            #expect(ID<Organization>(id.text) == id)
            earlier = id
        }
    }

    @Test func `the same time and the same random numbers give the same UUIDv7`() {
        var random = Zeros()
        let id = ID<Organization>(at: Instant(milliseconds: 0x0123_4567_89AB), using: &random)
        // Version 7 and variant 2 are the only bits set behind the time.
        #expect(id.text == "org_014d2pf2dbe008000000000000")
    }

    @Test func `identifiers of one millisecond differ`() {
        let ids = (0..<1_000).map { _ in ID<Organization>(at: Instant(milliseconds: 1)).text }
        #expect(Set(ids).count == 1_000)
    }

    @Test(
        arguments: rows(
            """
            org_                             # no digits
            org_01jd3v9x00000000000000000    # 25 characters
            org_01jd3v9x0000000000000000000  # 27 characters
            usr_01jd3v9x000000000000000000
            ORG_01jd3v9x000000000000000000
            org-01jd3v9x000000000000000000
            org_01JD3V9X000000000000000000
            org_81jd3v9x000000000000000000   # more than 128 bits
            org_01jd3v9x0000000000000000i0   # i, l, o and u are no digits
            org_01jd3v9x0000000000000000l0
            org_01jd3v9x0000000000000000o0
            org_01jd3v9x0000000000000000u0
            org_01jd3v9x00000000000000000é   # 27 bytes
            org_01jd3v9x000000000000000é     # 26 bytes
            01jd3v9x000000000000000000
            """
        )
    )
    func `another prefix, length or alphabet is refused`(row: [String]) {
        #expect(ID<Organization>(row[0]) == nil)
        #expect(ID<Organization>("org_01jd3v9x000000000000000000") != nil)
    }

    private struct Zeros: RandomNumberGenerator {
        mutating func next() -> UInt64 { 0 }
    }
}
