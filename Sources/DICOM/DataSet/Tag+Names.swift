// Names of elements as PS3.6 has them, for the tags that Portico reads or writes.
extension Tag {
    /// Specific Character Set.
    public static let specificCharacterSet = Tag(0x0008, 0x0005)
    /// Image Type.
    public static let imageType = Tag(0x0008, 0x0008)
    /// Instance Creation Date.
    public static let instanceCreationDate = Tag(0x0008, 0x0012)
    /// Instance Creation Time.
    public static let instanceCreationTime = Tag(0x0008, 0x0013)
    /// SOP Class UID.
    public static let sopClassUID = Tag(0x0008, 0x0016)
    /// SOP Instance UID.
    public static let sopInstanceUID = Tag(0x0008, 0x0018)
    /// Study Date.
    public static let studyDate = Tag(0x0008, 0x0020)
    /// Series Date.
    public static let seriesDate = Tag(0x0008, 0x0021)
    /// Content Date.
    public static let contentDate = Tag(0x0008, 0x0023)
    /// Study Time.
    public static let studyTime = Tag(0x0008, 0x0030)
    /// Series Time.
    public static let seriesTime = Tag(0x0008, 0x0031)
    /// Content Time.
    public static let contentTime = Tag(0x0008, 0x0033)
    /// Accession Number.
    public static let accessionNumber = Tag(0x0008, 0x0050)
    /// Modality.
    public static let modality = Tag(0x0008, 0x0060)
    /// Manufacturer.
    public static let manufacturer = Tag(0x0008, 0x0070)
    /// Institution Name.
    public static let institutionName = Tag(0x0008, 0x0080)
    /// Referring Physician's Name.
    public static let referringPhysicianName = Tag(0x0008, 0x0090)
    /// Code Value.
    public static let codeValue = Tag(0x0008, 0x0100)
    /// Coding Scheme Designator.
    public static let codingSchemeDesignator = Tag(0x0008, 0x0102)
    /// Coding Scheme Version.
    public static let codingSchemeVersion = Tag(0x0008, 0x0103)
    /// Code Meaning.
    public static let codeMeaning = Tag(0x0008, 0x0104)
    /// Coding Scheme Identification Sequence.
    public static let codingSchemeIdentificationSequence = Tag(0x0008, 0x0110)
    /// Coding Scheme Name.
    public static let codingSchemeName = Tag(0x0008, 0x0115)
    /// Coding Scheme Responsible Organization.
    public static let codingSchemeResponsibleOrganization = Tag(0x0008, 0x0116)
    /// Long Code Value.
    public static let longCodeValue = Tag(0x0008, 0x0119)
    /// URN Code Value.
    public static let urnCodeValue = Tag(0x0008, 0x0120)
    /// Timezone Offset From UTC.
    public static let timezoneOffsetFromUTC = Tag(0x0008, 0x0201)
    /// Study Description.
    public static let studyDescription = Tag(0x0008, 0x1030)
    /// Series Description.
    public static let seriesDescription = Tag(0x0008, 0x103E)
    /// Manufacturer's Model Name.
    public static let manufacturerModelName = Tag(0x0008, 0x1090)
    /// Referenced Series Sequence.
    public static let referencedSeriesSequence = Tag(0x0008, 0x1115)
    /// Referenced Instance Sequence.
    public static let referencedInstanceSequence = Tag(0x0008, 0x114A)
    /// Referenced SOP Class UID.
    public static let referencedSOPClassUID = Tag(0x0008, 0x1150)
    /// Referenced SOP Instance UID.
    public static let referencedSOPInstanceUID = Tag(0x0008, 0x1155)
    /// Referenced Frame Number.
    public static let referencedFrameNumber = Tag(0x0008, 0x1160)
    /// Derivation Description.
    public static let derivationDescription = Tag(0x0008, 0x2111)
    /// Source Image Sequence.
    public static let sourceImageSequence = Tag(0x0008, 0x2112)
    /// Anatomic Region Sequence.
    public static let anatomicRegionSequence = Tag(0x0008, 0x2218)
    /// Frame Type.
    public static let frameType = Tag(0x0008, 0x9007)
    /// Derivation Code Sequence.
    public static let derivationCodeSequence = Tag(0x0008, 0x9215)
    /// Derivation Image Sequence.
    public static let derivationImageSequence = Tag(0x0008, 0x9124)
    /// Patient's Name.
    public static let patientName = Tag(0x0010, 0x0010)
    /// Patient ID.
    public static let patientID = Tag(0x0010, 0x0020)
    /// Issuer of Patient ID.
    public static let issuerOfPatientID = Tag(0x0010, 0x0021)
    /// Patient's Birth Date.
    public static let patientBirthDate = Tag(0x0010, 0x0030)
    /// Patient's Sex.
    public static let patientSex = Tag(0x0010, 0x0040)
    /// Slice Thickness.
    public static let sliceThickness = Tag(0x0018, 0x0050)
    /// Echo Time.
    public static let echoTime = Tag(0x0018, 0x0081)
    /// Spacing Between Slices.
    public static let spacingBetweenSlices = Tag(0x0018, 0x0088)
    /// Device Serial Number.
    public static let deviceSerialNumber = Tag(0x0018, 0x1000)
    /// Device UID.
    public static let deviceUID = Tag(0x0018, 0x1002)
    /// Software Versions.
    public static let softwareVersions = Tag(0x0018, 0x1020)
    /// Trigger Time.
    public static let triggerTime = Tag(0x0018, 0x1060)
    /// Imager Pixel Spacing.
    public static let imagerPixelSpacing = Tag(0x0018, 0x1164)
    /// Effective Echo Time.
    public static let effectiveEchoTime = Tag(0x0018, 0x9082)
    /// Diffusion b-value.
    public static let diffusionBValue = Tag(0x0018, 0x9087)
    /// MR Echo Sequence.
    public static let mrEchoSequence = Tag(0x0018, 0x9114)
    /// MR Diffusion Sequence.
    public static let mrDiffusionSequence = Tag(0x0018, 0x9117)
    /// Cardiac Synchronization Sequence.
    public static let cardiacSynchronizationSequence = Tag(0x0018, 0x9118)
    /// MR Image Frame Type Sequence.
    public static let mrImageFrameTypeSequence = Tag(0x0018, 0x9226)
    /// CT Image Frame Type Sequence.
    public static let ctImageFrameTypeSequence = Tag(0x0018, 0x9329)
    /// PET Frame Type Sequence.
    public static let petFrameTypeSequence = Tag(0x0018, 0x9751)
    /// Contributing Equipment Sequence.
    public static let contributingEquipmentSequence = Tag(0x0018, 0xA001)
    /// Contribution DateTime.
    public static let contributionDateTime = Tag(0x0018, 0xA002)
    /// Contribution Description.
    public static let contributionDescription = Tag(0x0018, 0xA003)
    /// Study Instance UID.
    public static let studyInstanceUID = Tag(0x0020, 0x000D)
    /// Series Instance UID.
    public static let seriesInstanceUID = Tag(0x0020, 0x000E)
    /// Study ID.
    public static let studyID = Tag(0x0020, 0x0010)
    /// Series Number.
    public static let seriesNumber = Tag(0x0020, 0x0011)
    /// Acquisition Number.
    public static let acquisitionNumber = Tag(0x0020, 0x0012)
    /// Instance Number.
    public static let instanceNumber = Tag(0x0020, 0x0013)
    /// Image Position (Patient).
    public static let imagePositionPatient = Tag(0x0020, 0x0032)
    /// Image Orientation (Patient).
    public static let imageOrientationPatient = Tag(0x0020, 0x0037)
    /// Frame of Reference UID.
    public static let frameOfReferenceUID = Tag(0x0020, 0x0052)
    /// Laterality.
    public static let laterality = Tag(0x0020, 0x0060)
    /// Temporal Position Identifier.
    public static let temporalPositionIdentifier = Tag(0x0020, 0x0100)
    /// Position Reference Indicator.
    public static let positionReferenceIndicator = Tag(0x0020, 0x1040)
    /// Stack ID.
    public static let stackID = Tag(0x0020, 0x9056)
    /// In-Stack Position Number.
    public static let inStackPositionNumber = Tag(0x0020, 0x9057)
    /// Frame Content Sequence.
    public static let frameContentSequence = Tag(0x0020, 0x9111)
    /// Plane Position Sequence.
    public static let planePositionSequence = Tag(0x0020, 0x9113)
    /// Plane Orientation Sequence.
    public static let planeOrientationSequence = Tag(0x0020, 0x9116)
    /// Temporal Position Index.
    public static let temporalPositionIndex = Tag(0x0020, 0x9128)
    /// Nominal Cardiac Trigger Delay Time.
    public static let nominalCardiacTriggerDelayTime = Tag(0x0020, 0x9153)
    /// Frame Acquisition Number.
    public static let frameAcquisitionNumber = Tag(0x0020, 0x9156)
    /// Dimension Index Values.
    public static let dimensionIndexValues = Tag(0x0020, 0x9157)
    /// Dimension Organization UID.
    public static let dimensionOrganizationUID = Tag(0x0020, 0x9164)
    /// Dimension Index Pointer.
    public static let dimensionIndexPointer = Tag(0x0020, 0x9165)
    /// Functional Group Pointer.
    public static let functionalGroupPointer = Tag(0x0020, 0x9167)
    /// Dimension Organization Sequence.
    public static let dimensionOrganizationSequence = Tag(0x0020, 0x9221)
    /// Dimension Index Sequence.
    public static let dimensionIndexSequence = Tag(0x0020, 0x9222)
    /// Temporal Position Time Offset.
    public static let temporalPositionTimeOffset = Tag(0x0020, 0x930D)
    /// Temporal Position Sequence.
    public static let temporalPositionSequence = Tag(0x0020, 0x9310)
    /// Dimension Description Label.
    public static let dimensionDescriptionLabel = Tag(0x0020, 0x9421)
    /// Algorithm Source.
    public static let algorithmSource = Tag(0x0024, 0x0202)
    /// Samples per Pixel.
    public static let samplesPerPixel = Tag(0x0028, 0x0002)
    /// Photometric Interpretation.
    public static let photometricInterpretation = Tag(0x0028, 0x0004)
    /// Planar Configuration.
    public static let planarConfiguration = Tag(0x0028, 0x0006)
    /// Number of Frames.
    public static let numberOfFrames = Tag(0x0028, 0x0008)
    /// Rows.
    public static let rows = Tag(0x0028, 0x0010)
    /// Columns.
    public static let columns = Tag(0x0028, 0x0011)
    /// Pixel Spacing.
    public static let pixelSpacing = Tag(0x0028, 0x0030)
    /// Bits Allocated.
    public static let bitsAllocated = Tag(0x0028, 0x0100)
    /// Bits Stored.
    public static let bitsStored = Tag(0x0028, 0x0101)
    /// High Bit.
    public static let highBit = Tag(0x0028, 0x0102)
    /// Pixel Representation.
    public static let pixelRepresentation = Tag(0x0028, 0x0103)
    /// Burned In Annotation.
    public static let burnedInAnnotation = Tag(0x0028, 0x0301)
    /// Red Palette Color Lookup Table Descriptor.
    public static let redPaletteColorLookupTableDescriptor = Tag(0x0028, 0x1101)
    /// Green Palette Color Lookup Table Descriptor.
    public static let greenPaletteColorLookupTableDescriptor = Tag(0x0028, 0x1102)
    /// Blue Palette Color Lookup Table Descriptor.
    public static let bluePaletteColorLookupTableDescriptor = Tag(0x0028, 0x1103)
    /// Red Palette Color Lookup Table Data.
    public static let redPaletteColorLookupTableData = Tag(0x0028, 0x1201)
    /// Green Palette Color Lookup Table Data.
    public static let greenPaletteColorLookupTableData = Tag(0x0028, 0x1202)
    /// Blue Palette Color Lookup Table Data.
    public static let bluePaletteColorLookupTableData = Tag(0x0028, 0x1203)
    /// Spatial Locations Preserved.
    public static let spatialLocationsPreserved = Tag(0x0028, 0x135A)
    /// Rescale Intercept.
    public static let rescaleIntercept = Tag(0x0028, 0x1052)
    /// Rescale Slope.
    public static let rescaleSlope = Tag(0x0028, 0x1053)
    /// Lossy Image Compression.
    public static let lossyImageCompression = Tag(0x0028, 0x2110)
    /// Lossy Image Compression Ratio.
    public static let lossyImageCompressionRatio = Tag(0x0028, 0x2112)
    /// Lossy Image Compression Method.
    public static let lossyImageCompressionMethod = Tag(0x0028, 0x2114)
    /// Modality LUT Sequence.
    public static let modalityLUTSequence = Tag(0x0028, 0x3000)
    /// LUT Descriptor.
    public static let lutDescriptor = Tag(0x0028, 0x3002)
    /// LUT Data.
    public static let lutData = Tag(0x0028, 0x3006)
    /// Pixel Measures Sequence.
    public static let pixelMeasuresSequence = Tag(0x0028, 0x9110)
    /// Pixel Value Transformation Sequence.
    public static let pixelValueTransformationSequence = Tag(0x0028, 0x9145)
    /// Real World Value Mapping Sequence.
    public static let realWorldValueMappingSequence = Tag(0x0040, 0x9096)
    /// Purpose of Reference Code Sequence.
    public static let purposeOfReferenceCodeSequence = Tag(0x0040, 0xA170)
    /// Total Pixel Matrix Columns.
    public static let totalPixelMatrixColumns = Tag(0x0048, 0x0006)
    /// Segmentation Type.
    public static let segmentationType = Tag(0x0062, 0x0001)
    /// Segment Sequence.
    public static let segmentSequence = Tag(0x0062, 0x0002)
    /// Segmented Property Category Code Sequence.
    public static let segmentedPropertyCategoryCodeSequence = Tag(0x0062, 0x0003)
    /// Segment Number.
    public static let segmentNumber = Tag(0x0062, 0x0004)
    /// Segment Label.
    public static let segmentLabel = Tag(0x0062, 0x0005)
    /// Segment Description.
    public static let segmentDescription = Tag(0x0062, 0x0006)
    /// Segmentation Algorithm Identification Sequence.
    public static let segmentationAlgorithmIdentificationSequence = Tag(0x0062, 0x0007)
    /// Segment Algorithm Type.
    public static let segmentAlgorithmType = Tag(0x0062, 0x0008)
    /// Segment Algorithm Name.
    public static let segmentAlgorithmName = Tag(0x0062, 0x0009)
    /// Segment Identification Sequence.
    public static let segmentIdentificationSequence = Tag(0x0062, 0x000A)
    /// Referenced Segment Number.
    public static let referencedSegmentNumber = Tag(0x0062, 0x000B)
    /// Recommended Display CIELab Value.
    public static let recommendedDisplayCIELabValue = Tag(0x0062, 0x000D)
    /// Segmented Property Type Code Sequence.
    public static let segmentedPropertyTypeCodeSequence = Tag(0x0062, 0x000F)
    /// Segmented Property Type Modifier Code Sequence.
    public static let segmentedPropertyTypeModifierCodeSequence = Tag(0x0062, 0x0011)
    /// Segments Overlap.
    public static let segmentsOverlap = Tag(0x0062, 0x0013)
    /// Tracking ID.
    public static let trackingID = Tag(0x0062, 0x0020)
    /// Tracking UID.
    public static let trackingUID = Tag(0x0062, 0x0021)
    /// Algorithm Version.
    public static let algorithmVersion = Tag(0x0066, 0x0031)
    /// Algorithm Family Code Sequence.
    public static let algorithmFamilyCodeSequence = Tag(0x0066, 0x002F)
    /// Algorithm Parameters.
    public static let algorithmParameters = Tag(0x0066, 0x0032)
    /// Algorithm Name.
    public static let algorithmName = Tag(0x0066, 0x0036)
    /// Content Label.
    public static let contentLabel = Tag(0x0070, 0x0080)
    /// Content Description.
    public static let contentDescription = Tag(0x0070, 0x0081)
    /// Content Creator's Name.
    public static let contentCreatorName = Tag(0x0070, 0x0084)
    /// Shared Functional Groups Sequence.
    public static let sharedFunctionalGroupsSequence = Tag(0x5200, 0x9229)
    /// Per-Frame Functional Groups Sequence.
    public static let perFrameFunctionalGroupsSequence = Tag(0x5200, 0x9230)
    /// Pixel Data.
    public static let pixelData = Tag(0x7FE0, 0x0010)
}
