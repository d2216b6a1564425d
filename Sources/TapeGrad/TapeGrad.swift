// TapeGrad in one import.
@_exported import TapeGradArrays
@_exported import TapeGradAudit
@_exported import TapeGradCore
@_exported import TapeGradFigures
@_exported import TapeGradFormats
@_exported import TapeGradModels
@_exported import TapeGradNetworks
