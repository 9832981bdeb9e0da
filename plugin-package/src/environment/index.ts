export {
  goldenpathEnvironmentApprovePermission,
  goldenpathEnvironmentCreatePermission,
  goldenpathEnvironmentDestroyPermission,
  goldenpathEnvironmentExtendPermission,
  goldenpathPlatformApplyPermission,
  goldenpathPlatformApprovePermission,
  goldenpathPlatformPlanPermission,
  goldenpathPolicyReadPermission,
  goldenpathServiceCreatePermission,
} from './permissions';
