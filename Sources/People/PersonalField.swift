import Core
package import Cryptography

/// What is held of a person that names him. The raw value is stored: a case is added, and never renamed.
package enum PersonalField: String, Sendable, Hashable, CaseIterable {
    case name
    case phone
    case email
    case residentID = "resident_id"
    case address
    case bankCard = "bank_card"
    case plate

    /// What may be shown to those who need not know the value.
    package func masked(_ value: String) -> String {
        switch self {
        case .name: Mask.name(value)
        case .phone: Mask.phone(value)
        case .email: Mask.email(value)
        case .residentID: Mask.residentID(value)
        case .bankCard: Mask.bankCard(value)
        case .plate: Mask.plate(value)
        // Its length and any part of it tell where somebody lives.
        case .address: Mask.hidden
        }
    }

    /// How a value is searched for; `nil` where it is not.
    package var searchKind: BlindIndex.Kind? {
        switch self {
        case .name: .name
        case .phone: .phone
        case .email: .email
        case .residentID: .residentID
        case .plate: .plate
        case .address, .bankCard: nil
        }
    }

    /// What the seal of a value is bound to, besides the person.
    var sealLabel: String { "subject.\(rawValue)" }
}
